//! Titles and captions: their fonts, also in the lock, and how they look in the finished file.

use std::fs;

use crate::measure::frames;
use crate::media::png;
use crate::space::{Space, fixture};

/// Returns a movie of two photos with a title; the fonts of the fixtures are beside the spec.
fn titled_movie(title: &str) -> Space {
    let space = Space::with_photos(&["hill", "path"]).without_models();
    for font in fs::read_dir(fixture("fonts")).unwrap().flatten() {
        let name = font.file_name().into_string().unwrap();
        if !name.ends_with(".sh") {
            space.take(&format!("fonts/{name}"), &format!("fonts/{name}"));
        }
    }
    space.write("mmm.toml", "fonts = \"fonts\"\n");
    space.movie(&format!(
        "title: \"{title}\"\nmedia: photos/\nduration: 8s\nstyle: {{photos: still, transitions: cut}}\n"
    ));
    space
}

#[test]
fn the_lock_names_the_fonts_of_other_scripts() {
    let space = titled_movie("السفر 🌞");
    let first = space.draft();
    assert_eq!(first.codes(), Vec::<String>::new());
    let text = space.lock();
    assert!(text.contains("[fonts]") && text.contains("\"Noto Sans Arabic Bold\" = "), "{text}");
    assert!(text.contains("\"Noto Color Emoji\" = "), "{text}");
    // With an empty cache, the same lock gives the same movie.
    fs::remove_dir_all(space.cache()).unwrap();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again =
        space.run(&["build", "--profile", "draft", "--locked", "--json"]).expect_success().finished_event();
    assert_eq!(again["outputs"][0]["digest"], first.finished_event()["outputs"][0]["digest"]);
    // A Latin title needs no font from the machine.
    space.movie("title: Lisbon\nmedia: photos/\nduration: 8s\nstyle: {photos: still, transitions: cut}\n");
    space.draft();
    assert!(!space.lock().contains("[fonts]"), "{}", space.lock());
}

#[test]
fn a_changed_font_fails_a_locked_build_and_renders_the_title_again() {
    let space = titled_movie("السفر");
    space.draft();
    let path = space.path("fonts/NotoSansArabic-Bold.ttf");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 4]);
    fs::write(&path, &bytes).unwrap();
    let locked = ["build", "--profile", "draft", "--locked", "--json"];
    let found = space.run(&locked).expect_exit(5).diagnostic("mmm::lock::font");
    assert!(found["message"].as_str().unwrap().contains("`Noto Sans Arabic Bold`"), "{found}");
    assert!(found["help"].as_str().unwrap().contains("without `--locked`"), "{found}");
    // Without the flag, only the segment with the title is encoded again.
    let actions = space.draft().actions();
    assert_eq!(actions.get("segment"), Some(&1), "{actions:?}");
    space.run(&locked).expect_success();
    fs::remove_file(&path).unwrap();
    let found = space.run(&locked).expect_exit(5).diagnostic("mmm::lock::font");
    assert!(found["message"].as_str().unwrap().contains("is not on this machine"), "{found}");
}

#[test]
fn a_character_that_no_font_has_is_a_warning_with_its_line() {
    let space = titled_movie("Runes ᚠ");
    let found = space.draft().diagnostic("mmm::title::no-glyph");
    assert_eq!(found["severity"], "warning");
    assert!(found["message"].as_str().unwrap().contains("`ᚠ` (U+16A0)"), "{found}");
    assert!(found["help"].as_str().unwrap().contains("fonts-noto-core"), "{found}");
    assert_eq!(found["labels"][0]["line"], 1, "{found}");
    // The character is left out, without a box in its place.
    let with = frames(&space.path("movie.draft.mp4"), 640, 360);
    space.movie("title: Runes\nmedia: photos/\nduration: 8s\nstyle: {photos: still, transitions: cut}\n");
    space.draft();
    let without = frames(&space.path("movie.draft.mp4"), 640, 360);
    assert!(with == without);
    // A caption is reported at its own line, once for all outputs.
    space.movie(
        "media:\n  - path: photos/hill.jpg\n    caption: ᚠ\n  - photos/path.jpg\nduration: 4s\noutputs:\n  a.mp4: {}\n  b.mp4: {aspect: \"9:16\"}\n",
    );
    let ran = space.run(&["check", "--json"]).expect_success();
    assert_eq!(ran.codes(), ["mmm::title::no-glyph"]);
    assert_eq!(ran.diagnostic("mmm::title::no-glyph")["labels"][0]["line"], 3);
}

#[test]
fn a_missing_font_folder_is_reported() {
    let space = titled_movie("Lisbon");
    space.run(&["check", "--fonts", "nowhere", "--json"]).expect_exit(1).diagnostic("mmm::config::bad");
}

#[test]
fn a_title_fades_in_and_out_and_stays_through_a_dissolve() {
    let space = Space::new().without_models();
    for (name, date) in [("a", "2024-06-01"), ("b", "2024-06-03")] {
        let grey = image::GrayImage::from_pixel(640, 360, image::Luma([120]));
        space.write(&format!("photos/{date} {name}.png"), png(grey));
    }
    // The title spans both shots and the dissolve between them.
    space.movie(
        "media: photos/\nduration: 4s\nconstraints: {order: as-listed, repeats: 3}\nstyle:\n  photos: still\n  transitions: [dissolve]\n  titles:\n    - {text: Lisbon, at: 0.5s, for: 3s}\n",
    );
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 320, 180);
    // The mean of the 400 brightest pixels, which are the title's.
    let light = |frame: &Vec<u8>| {
        let mut pixels = frame.clone();
        pixels.sort_unstable();
        pixels[pixels.len() - 400..].iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / 400.0
    };
    let seen: Vec<f64> = frames.iter().map(light).collect();
    assert_eq!(seen.len(), 120);
    assert!(seen[60] > seen[5] + 60.0, "{seen:?}");
    // It fades in and out steadily, apart from the encoder's noise.
    assert!(seen[15..40].windows(2).all(|pair| pair[1] > pair[0] - 2.0), "{seen:?}");
    assert!(seen[88..106].windows(2).all(|pair| pair[1] < pair[0] + 2.0), "{seen:?}");
    // Between the fades, no boundary between segments is visible.
    assert!(seen[40..88].windows(2).all(|pair| (pair[1] - pair[0]).abs() < 4.0), "{seen:?}");
}
