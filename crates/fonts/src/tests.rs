use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;
use mmm_base::Digest;
use mmm_facts::{Typefaces, Weight};

fn folder() -> Vec<PathBuf> {
    vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fonts")]
}

fn digest(path: &Path) -> Option<Digest> {
    Some(Digest::of(&std::fs::read(path).ok()?))
}

fn choose(texts: &[&str], kept: &BTreeMap<String, Digest>) -> Typefaces {
    let shelf = Shelf::look(&folder(), &lacking_clusters(texts.iter().copied()));
    let texts: BTreeSet<_> = texts.iter().map(|text| (Weight::Bold, (*text).to_owned())).collect();
    choose_typefaces(&texts, &shelf, kept, &mut digest).0
}

fn names(typefaces: &Typefaces) -> Vec<&str> {
    typefaces.names.keys().map(String::as_str).collect()
}

#[test]
fn latin_greek_and_cyrillic_need_no_font_of_the_machine() {
    let texts = ["Lisbon, June", "Ελλάδα ’24", "Лето в Ялте\nдвойной дом", "naïve cafe\u{301} – “šťastně”…"];
    assert_eq!(lacking_clusters(texts.into_iter()), BTreeSet::new());
}

#[test]
fn a_text_names_the_fonts_that_it_needs() {
    let typefaces = choose(&["السفر", "東京の夏", "Sun 🌞", "Lisbon"], &BTreeMap::new());
    assert_eq!(names(&typefaces), ["Noto Color Emoji", "Noto Sans Arabic Bold", "Noto Sans CJK JP Bold"]);
    assert_eq!(typefaces.faces(Weight::Bold, "東京の夏").len(), 1);
    assert!(typefaces.faces(Weight::Bold, "Lisbon").is_empty());
    assert!(!typefaces.lacks());
}

#[test]
fn what_no_font_draws_is_named() {
    let typefaces = choose(&["A ᚠ ᚠ 京", "ok"], &BTreeMap::new());
    assert_eq!(typefaces.missing("A ᚠ ᚠ 京"), ["ᚠ"]);
    assert!(typefaces.missing("ok").is_empty() && typefaces.lacks());
    assert_eq!(debian_package("京"), "fonts-noto-cjk");
    assert_eq!(debian_package("🌞"), "fonts-noto-color-emoji");
    assert_eq!(debian_package("ᚠ"), "fonts-noto-core");
}

#[test]
fn a_heart_is_coloured_if_its_selector_asks_for_it() {
    assert!(wants_colour("❤\u{fe0f}") && wants_colour("🌞") && wants_colour("🇵🇹"));
    assert!(!wants_colour("❤") && !wants_colour("🌞\u{fe0e}") && !wants_colour("A"));
    let typefaces = choose(&["❤\u{fe0f}", "👍🏽"], &BTreeMap::new());
    assert_eq!(names(&typefaces), ["Noto Color Emoji"]);
}

#[test]
fn a_font_that_was_chosen_before_is_chosen_again() {
    let copy = tempfile::tempdir().unwrap();
    for (from, to) in [("Hebrew", "a"), ("Arabic", "b")] {
        let name = format!("NotoSans{from}-Bold.ttf");
        std::fs::copy(folder()[0].join(name), copy.path().join(format!("{to}.ttf"))).unwrap();
    }
    // Two files with the same font name: only their content differs.
    let bytes = std::fs::read(copy.path().join("b.ttf")).unwrap();
    let other = [bytes.as_slice(), &[0; 4]].concat();
    std::fs::write(copy.path().join("c.ttf"), &other).unwrap();
    let text = "السفر";
    let shelf = Shelf::look(&[copy.path().to_owned()], &lacking_clusters([text].into_iter()));
    let texts = BTreeSet::from([(Weight::Bold, text.to_owned())]);
    let source = |kept: &BTreeMap<String, Digest>| {
        let read = &mut digest;
        choose_typefaces(&texts, &shelf, kept, read).0.faces(Weight::Bold, text)[0].source
    };
    assert_eq!(source(&BTreeMap::new()), Digest::of(&bytes));
    let kept = BTreeMap::from([("Noto Sans Arabic Bold".to_owned(), Digest::of(&other))]);
    assert_eq!(source(&kept), Digest::of(&other));
    let gone = BTreeMap::from([("Noto Sans Arabic Bold".to_owned(), Digest::of(b"gone"))]);
    assert_eq!(source(&gone), Digest::of(&bytes));
}

#[test]
fn files_that_are_not_fonts_are_skipped() {
    let copy = tempfile::tempdir().unwrap();
    std::fs::write(copy.path().join("a.ttf"), b"no font at all").unwrap();
    let bytes = std::fs::read(folder()[0].join("NotoSansHebrew-Bold.ttf")).unwrap();
    std::fs::write(copy.path().join("b.ttf"), &bytes[..bytes.len() / 2]).unwrap();
    let wanted = BTreeSet::from(["א".to_owned()]);
    Shelf::look(&[copy.path().to_owned(), PathBuf::from("/nowhere")], &wanted);
    std::fs::write(copy.path().join("c.ttf"), &bytes).unwrap();
    let shelf = Shelf::look(&[copy.path().to_owned()], &wanted);
    assert!(shelf.volumes.iter().any(|volume| volume.path.ends_with("c.ttf")));
}
