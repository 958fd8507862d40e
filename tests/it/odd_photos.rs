//! Photos of unusual kinds, shapes and sizes: facts or a diagnostic, never a panic, with models and without.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat};
use serde_json::Value;

use crate::media::png;
use crate::space::{Run, Space, fixture};
use crate::tools::ffmpeg;

/// A JPEG of 16 × 16 pixels in four inks, in hexadecimal digits.
const CMYK: &str = "\
    ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d30\
    42605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc000140800100010\
    044311004d11005911004b1100ffc400190000020301000000000000000000000000000402030506ffc4002010000201\
    0305010100000000000000000001020300041112132141510571ffda000e0443004d0059004b00003f00a60696487001\
    1938c6296424c4a0a904f44527bcc546ac827a35d3569c96e040222aa26c8e4f74ec9145b422655dd2473ed6ca6c4d64\
    862640e582876e09a297f9a246db93569c1279eaab88349b4e8749e739ea92b4f9c6f5119d8a0c9cfbc5157dd5e61c20\
    21da4c8fcc54269083a03090c9c13e7e5393186d205b389b3ac904f9e9a2bfffd9";

/// Returns a photo.
fn bee() -> DynamicImage {
    let bee = mmm_media::decode_photo(&fixture("photos/bee.jpg"), (u32::MAX, u32::MAX)).unwrap();
    DynamicImage::ImageRgb8(image::RgbImage::from_raw(bee.width, bee.height, bee.pixels).unwrap())
}

/// Writes photos of every unusual kind; returns the names of those that can be decoded.
fn write_odd_photos(space: &Space) -> Vec<&'static str> {
    let bee = bee();
    let resized = |width, height| bee.resize_exact(width, height, FilterType::Triangle);
    let pairs = CMYK.as_bytes().chunks(2);
    let cmyk = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
    let cmyk: Vec<u8> = cmyk.collect();
    space.write("odd/cmyk.jpg", &cmyk);
    for (name, width, height) in [
        ("odd/one.png", 1, 1),
        ("odd/three.png", 3, 3),
        ("odd/thin.png", 2, 900),
        ("odd/wide.png", 30_000, 200),
        ("odd/tall.png", 200, 30_000),
    ] {
        space.write(name, png(resized(width, height)));
    }
    let grey = png(DynamicImage::ImageLuma8(resized(600, 400).into_luma8()));
    space.write("odd/grey.png", &grey).write("odd/cut.png", &grey[..grey.len() / 3]);
    space.write("odd/deep.png", png(DynamicImage::ImageRgb16(resized(600, 400).into_rgb16())));
    space.write("odd/alpha.png", png(DynamicImage::ImageRgba8(resized(600, 400).into_rgba8())));
    space.write("odd/empty.jpg", []);
    for name in ["odd/animated.gif", "odd/animated.webp"] {
        let (picture, to) = ("testsrc2=s=400x300:r=10:d=1", space.path(name));
        ffmpeg(&["-f", "lavfi", "-i", picture, to.to_str().unwrap()]);
    }
    vec![
        "alpha.png",
        "animated.gif",
        "animated.webp",
        "cmyk.jpg",
        "deep.png",
        "grey.png",
        "one.png",
        "tall.png",
        "thin.png",
        "three.png",
        "wide.png",
    ]
}

/// Returns the facts of the files of a folder, by name.
fn facts(run: &Run) -> BTreeMap<String, Value> {
    let mut facts = BTreeMap::new();
    for event in run.events() {
        if event["facts"].is_object() {
            let name = event["source"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            facts.insert(name, event["facts"].clone());
        }
    }
    facts
}

#[test]
fn photos_of_every_kind_and_shape_have_facts_or_a_reason() {
    let space = Space::new();
    let decodable = write_odd_photos(&space);
    for models in [&[][..], &["--no-models"]] {
        let run = space.run(&[&["analyze", "odd", "odd/empty.jpg", "--json"], models].concat());
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        let facts = facts(&run);
        for name in &decodable {
            let facts = facts.get(*name).unwrap_or_else(|| panic!("{name} has no facts: {}", run.stdout));
            let merit = facts["aesthetic"].as_f64().unwrap_or_else(|| panic!("{name}: {facts}"));
            assert!((0.0..=1.0).contains(&merit), "{name}: {facts}");
            assert_eq!(facts["sight"].is_object(), models.is_empty(), "{name}");
        }
        for name in ["cut.png", "empty.jpg"] {
            let said = run.stdout.lines().chain(run.stderr.lines()).find(|line| line.contains(name));
            assert!(said.is_some(), "{name} is not named");
            assert!(facts.get(name).is_none_or(|facts| facts["aesthetic"].is_null()), "{name}");
        }
    }
    // A folder's file that is named as a photo and is none is said, by itself and before a spec is written; a text
    // file is not.
    space.write("odd/notes.txt", "no picture").write("odd/fake.JPG", "no picture");
    for args in [&["analyze", "odd", "--json", "--no-models"][..], &["init", "odd", "--json"]] {
        let run = space.run(args);
        let said: Vec<String> = run.events().iter().map(ToString::to_string).collect();
        let warned = |name: &str| {
            said.iter().filter(|line| line.contains("is left out") && line.contains(name)).count()
        };
        assert_eq!([warned("empty.jpg"), warned("fake.JPG"), warned("notes.txt")], [1, 1, 0], "{said:?}");
    }
    fs::remove_file(space.path("odd/fake.JPG")).unwrap();
    // They fill a movie, with a diagnostic for each that can't be decoded.
    space.movie("media: odd/\nduration: 4s\n");
    let run = space.run(&["plan", "--json"]).expect_success();
    let codes = run.codes();
    assert_eq!(codes.iter().filter(|code| *code == "mmm::media::unreadable").count(), 2, "{codes:?}");
}

/// Analyzes two photos at two jobs with at most 500 MiB of memory.
fn analyzed_within_500_mib(space: &Space, names: [&str; 2]) -> Run {
    let command = space.command(&["analyze", "--jobs", "2", "--json", names[0], names[1]]);
    let mut shell = Command::new("sh");
    // Limits allocated writable memory; the program itself and its libraries take up to 60 MiB more.
    shell.args(["-c", "ulimit -d 440000 && exec \"$0\" \"$@\""]);
    shell.arg(command.get_program()).args(command.get_args()).current_dir(space.folder());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Run::from(shell.output().unwrap())
}

#[test]
fn photos_of_48_megapixels_take_less_than_500_mib_at_two_jobs() {
    let space = Space::new();
    let bee = bee();
    let large = bee.resize_exact(8000, 6000, FilterType::Nearest).into_rgb8();
    for (name, width) in [("a.png", 8000), ("b.png", 7999)] {
        let part = image::imageops::crop_imm(&large, 0, 0, width, 6000).to_image();
        part.save_with_format(space.path(name), ImageFormat::Png).unwrap();
        let (png, jpeg) = (space.path(name), space.path(&name.replace("png", "jpg")));
        ffmpeg(&["-i", png.to_str().unwrap(), "-q:v", "3", jpeg.to_str().unwrap()]);
    }
    for names in [["a.jpg", "b.jpg"], ["a.png", "b.png"]] {
        let run = analyzed_within_500_mib(&space, names).expect_success();
        let facts = facts(&run);
        assert!(names.iter().all(|name| facts[*name]["aesthetic"].is_number()), "{}", run.stdout);
    }
}
