use super::*;
use crate::word_pieces::word_pieces;
use crate::word_table::WordTable;

/// Texts with the rows of their tokens and the cosines between them, which the converter computed.
const TEXTS: &str = include_str!("../../../models/fixtures/words.tsv");

#[test]
fn meanings_agree_with_the_converter() {
    let lines: Vec<Vec<&str>> =
        TEXTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    assert!(lines.len() > 5);
    for line in &lines {
        let rows: Vec<String> =
            word_pieces(line[0], WordTable::built_in()).iter().map(usize::to_string).collect();
        assert_eq!(rows.join(" "), line[1], "{}", line[0]);
        for (other, cosine) in lines.iter().zip(&line[2..]) {
            let found = Meaning::of(line[0]).unwrap().cosine(&Meaning::of(other[0]).unwrap());
            let wanted: f32 = cosine.parse().unwrap();
            assert!((found - wanted).abs() < 1e-5, "{} and {}: {found}, not {wanted}", line[0], other[0]);
        }
    }
}

#[test]
fn related_words_are_close() {
    let cosine = |one, two| Meaning::of(one).unwrap().cosine(&Meaning::of(two).unwrap());
    for [one, related, other] in [
        ["beach", "seaside", "office"],
        ["cat", "kitten", "motorcycle"],
        ["coffee", "tea", "mountain"],
        ["snowboarding", "ski", "bakery"],
    ] {
        assert!(cosine(one, related) > 0.45, "{one} and {related}: {}", cosine(one, related));
        assert!(cosine(one, other) < 0.25, "{one} and {other}: {}", cosine(one, other));
    }
}

#[test]
fn a_text_without_known_words_has_no_meaning() {
    assert_eq!(Meaning::of(""), None);
    assert_eq!(Meaning::of("海 和 山"), None);
    assert_eq!(Meaning::of(&"x".repeat(101)), None);
    assert_eq!(Meaning::blend([]), None);
    let cat = Meaning::of("cat").unwrap();
    assert_eq!(Meaning::blend([(1.0, &cat), (-1.0, &cat)]), None);
}
