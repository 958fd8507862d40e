//! Words over the picture: the fonts they need, what a lock makes of them, and how they look in the
//! finished file.

use std::fs;

use serde_json::Value;

use crate::space::{Run, Space, fixture, frames};

/// Two photos under a title, with the fonts of the fixtures in a folder beside the spec.
fn titled(title: &str) -> Space {
    let space = Space::new();
    space.take("photos/hill.jpg", "photos/hill.jpg").take("photos/path.jpg", "photos/path.jpg");
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

fn lock(space: &Space) -> String {
    fs::read_to_string(space.path("movie.lock")).unwrap()
}

/// The diagnostic with a code.
#[track_caller]
fn diagnostic(ran: &Run, code: &str) -> Value {
    let found = ran.events().into_iter().find(|event| event["code"] == code);
    found.unwrap_or_else(|| panic!("no {code} in {}{}", ran.stdout, ran.stderr))
}

#[test]
fn a_title_in_another_script_names_its_font_in_the_lock() {
    let space = titled("السفر 🌞");
    let first = space.draft();
    assert_eq!(first.codes(), Vec::<String>::new());
    let text = lock(&space);
    assert!(text.contains("[fonts]") && text.contains("\"Noto Sans Arabic Bold\" = "), "{text}");
    assert!(text.contains("\"Noto Color Emoji\" = "), "{text}");
    // Another cache: the same bytes, and nothing of the lock has to change.
    fs::remove_dir_all(space.cache()).unwrap();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again =
        space.run(&["build", "--profile", "draft", "--locked", "--json"]).expect_success().finished_event();
    assert_eq!(again["outputs"][0]["digest"], first.finished_event()["outputs"][0]["digest"]);
    // A Latin title needs no font, and says so.
    space.movie("title: Lisbon\nmedia: photos/\nduration: 8s\nstyle: {photos: still, transitions: cut}\n");
    space.draft();
    assert!(!lock(&space).contains("[fonts]"), "{}", lock(&space));
}

#[test]
fn another_font_makes_the_words_again_and_a_locked_build_says_its_name() {
    let space = titled("السفر");
    space.draft();
    let path = space.path("fonts/NotoSansArabic-Bold.ttf");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 4]);
    fs::write(&path, &bytes).unwrap();
    let locked = ["build", "--profile", "draft", "--locked", "--json"];
    let ran = space.run(&locked).expect_exit(5);
    let said = diagnostic(&ran, "mmm::lock::font");
    assert!(said["message"].as_str().unwrap().contains("`Noto Sans Arabic Bold`"), "{said}");
    assert!(said["help"].as_str().unwrap().contains("without `--locked`"), "{said}");
    // Without the flag, only what has words over it is made again.
    let actions = space.draft().actions();
    assert_eq!(actions.get("segment"), Some(&1), "{actions:?}");
    space.run(&locked).expect_success();
    fs::remove_file(&path).unwrap();
    let ran = space.run(&locked).expect_exit(5);
    let said = diagnostic(&ran, "mmm::lock::font");
    assert!(said["message"].as_str().unwrap().contains("is not on this machine"), "{said}");
}

#[test]
fn a_character_that_no_font_draws_is_a_warning_with_its_name_and_its_line() {
    let space = titled("Runes ᚠ");
    let ran = space.draft();
    let said = diagnostic(&ran, "mmm::title::no-glyph");
    assert_eq!(said["severity"], "warning");
    assert!(said["message"].as_str().unwrap().contains("`ᚠ` (U+16A0)"), "{said}");
    assert!(said["help"].as_str().unwrap().contains("fonts-noto-core"), "{said}");
    assert_eq!(said["labels"][0]["line"], 1, "{said}");
    // No box stands in its place: the movie is that of the other words.
    let with = frames(&space.path("movie.draft.mp4"), 640, 360);
    space.movie("title: Runes\nmedia: photos/\nduration: 8s\nstyle: {photos: still, transitions: cut}\n");
    space.draft();
    let without = frames(&space.path("movie.draft.mp4"), 640, 360);
    assert!(with == without);
    // A caption that no font draws is said at its own line, once for all outputs.
    space.movie(
        "media:\n  - path: photos/hill.jpg\n    caption: ᚠ\n  - photos/path.jpg\nduration: 4s\noutputs:\n  a.mp4: {}\n  b.mp4: {aspect: \"9:16\"}\n",
    );
    let ran = space.run(&["check", "--json"]).expect_success();
    assert_eq!(ran.codes(), ["mmm::title::no-glyph"]);
    assert_eq!(diagnostic(&ran, "mmm::title::no-glyph")["labels"][0]["line"], 3);
}

#[test]
fn a_folder_of_fonts_that_is_not_there_is_said_so() {
    let space = titled("Lisbon");
    let ran = space.run(&["check", "--fonts", "nowhere", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    diagnostic(&ran, "mmm::config::bad");
}

#[test]
fn a_title_comes_and_goes_and_goes_on_through_a_dissolve() {
    let space = Space::new();
    for (name, date) in [("a", "2024-06-01"), ("b", "2024-06-03")] {
        space.write(&format!("photos/{date} {name}.png"), grey());
    }
    // The words stand over both bodies and the dissolve between them.
    space.movie(
        "media: photos/\nduration: 4s\nconstraints: {order: as-listed, repeats: 3}\nstyle:\n  photos: still\n  transitions: [dissolve]\n  titles:\n    - {text: Lisbon, at: 0.5s, for: 3s}\n",
    );
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 320, 180);
    // How much brighter the brightest pixels are than the ground.
    let light = |frame: &Vec<u8>| {
        let mut pixels = frame.clone();
        pixels.sort_unstable();
        pixels[pixels.len() - 400..].iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / 400.0
    };
    let seen: Vec<f64> = frames.iter().map(light).collect();
    assert_eq!(seen.len(), 120);
    assert!(seen[60] > seen[5] + 60.0, "{seen:?}");
    // It comes and goes without a step back of more than the encoder's noise …
    assert!(seen[15..40].windows(2).all(|pair| pair[1] > pair[0] - 2.0), "{seen:?}");
    assert!(seen[88..106].windows(2).all(|pair| pair[1] < pair[0] + 2.0), "{seen:?}");
    // … and in between nothing shows where one piece ends and the next begins.
    assert!(seen[40..88].windows(2).all(|pair| (pair[1] - pair[0]).abs() < 4.0), "{seen:?}");
}

/// A grey photo.
fn grey() -> Vec<u8> {
    let picture = image::GrayImage::from_pixel(640, 360, image::Luma([120]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
