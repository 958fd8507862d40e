//! Posters and previews: pictures that a build writes beside its movie.

use std::fs;
use std::path::Path;

use crate::measure::{difference, frames, mean, only_frame, probe, rgb_frame, stream};
use crate::space::Space;
use crate::tools::ffmpeg;

/// Returns a space with three clips of 3 s: dark grey, full of detail, light grey.
fn three_clips(outputs: &str) -> Space {
    let space = Space::new().without_models();
    for (name, picture) in [
        ("a.mp4", "color=c=0x303030:s=320x180:r=25:d=3"),
        ("b.mp4", "testsrc2=s=320x180:r=25:d=3"),
        ("c.mp4", "color=c=0xc0c0c0:s=320x180:r=25:d=3"),
    ] {
        let path = space.path(name);
        ffmpeg(&["-f", "lavfi", "-i", picture, "-pix_fmt", "yuv420p", path.to_str().unwrap()]);
    }
    space.movie(&format!(
        "title: Greys\nmedia: [{{path: a.mp4, required: true}}, {{path: b.mp4, required: true}}, {{path: c.mp4, required: true}}]\n\
         duration: 4.5s\nrate: 25\nstyle: {{transitions: cut}}\nconstraints: {{order: as-listed}}\noutputs: {outputs}\n"
    ));
    space
}

/// Returns the width and height of a picture in pixels.
fn picture_size(path: &Path) -> (u64, u64) {
    let probe = probe(path);
    let picture = stream(&probe, "video");
    (picture["width"].as_u64().unwrap(), picture["height"].as_u64().unwrap())
}

/// Returns a frame of a file in RGB, 64 × 36 pixels. Movies and stills have other matrices, so their YUV
/// can't be compared.
fn small_frame(space: &Space, name: &str, index: usize) -> Vec<u8> {
    let frame = rgb_frame(&space.path(name), &format!("{},scale=64:36:flags=area", only_frame(index)));
    assert_eq!(frame.len(), 64 * 36 * 3);
    frame
}

/// Returns how many frames an animated WebP has and how many milliseconds they last. FFmpeg before version 7
/// can't read it.
fn webp_frames(bytes: &[u8]) -> (usize, u32) {
    let (mut at, mut count, mut millis) = (12, 0, 0);
    while at + 8 <= bytes.len() {
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        if &bytes[at..at + 4] == b"ANMF" {
            count += 1;
            millis += u32::from_le_bytes([bytes[at + 20], bytes[at + 21], bytes[at + 22], 0]);
        }
        at += 8 + size.next_multiple_of(2);
    }
    assert_eq!(at, bytes.len(), "the chunks fill the file");
    (count, millis)
}

/// Builds two outputs: with a title, a poster of the best shot and a GIF; and without a title, with a poster
/// at 0.5 s and a WebP.
fn build_posters_and_previews() -> Space {
    let space = three_clips(
        "{m.mp4: {poster: m.jpg, preview: m.gif}, n.mp4: {title: \"\", poster: {path: n.png, at: 0.5s}, preview: n.webp}}",
    );
    let ran = space.run(&["build", "--json"]).expect_success();
    let actions = ran.actions();
    assert_eq!((actions["poster"], actions["preview"]), (2, 2), "{actions:?}");
    let written = ran.finished_event()["outputs"][0]["pictures"].as_array().unwrap().len();
    assert_eq!(written, 2);
    space
}

#[test]
fn a_draft_has_no_poster_or_preview() {
    let space = three_clips("{m.mp4: {poster: m.jpg, preview: m.gif}}");
    space.draft();
    assert!(!space.path("m.jpg").exists() && !space.path("m.gif").exists());
}

#[test]
fn a_poster_shows_the_best_shot_or_a_given_time_without_the_title() {
    let space = build_posters_and_previews();
    assert_eq!(picture_size(&space.path("m.jpg")), (1920, 1080));
    let exported = space.run(&["export", "--output", "n.mp4"]).expect_success().stdout;
    let timeline: serde_json::Value = serde_json::from_str(&exported).unwrap();
    let shot = timeline["shots"].as_array().unwrap().iter().find(|shot| shot["source"] == "b.mp4").unwrap();
    let (start, length) =
        (shot["start"].as_u64().unwrap() as usize, shot["frames"].as_u64().unwrap() as usize);
    let poster = small_frame(&space, "m.jpg", 0);
    let apart = |index: usize| difference(&poster, &small_frame(&space, "n.mp4", index));
    assert!(apart(start + length / 2) < 3.0, "{}", apart(start + length / 2));
    assert!(apart(2) > 20.0 && apart(start + length + 5) > 20.0);
    // The codec and a different colour conversion cause a difference of two levels of 255.
    let apart = difference(&small_frame(&space, "n.png", 0), &small_frame(&space, "n.mp4", 12));
    assert!(apart < 3.0, "{apart}");
    assert_eq!(picture_size(&space.path("n.png")), (1920, 1080));
}

/// A preview is 480 pixels wide and has 12.5 fps. It lasts four to five seconds, or as long as a shorter
/// movie, and keeps the movie's order.
#[test]
fn a_preview_shows_shots_in_the_movies_order() {
    let space = build_posters_and_previews();
    assert_eq!(picture_size(&space.path("m.gif")), (480, 270));
    let gif = frames(&space.path("m.gif"), 16, 9);
    assert!((40..=63).contains(&gif.len()), "{} frames", gif.len());
    assert!(mean(&gif[0]) < 70.0 && mean(&gif[gif.len() - 1]) > 160.0);
    let rate = stream(&probe(&space.path("m.gif")), "video")["avg_frame_rate"].clone();
    assert_eq!(rate, "25/2");
    let bytes = fs::read(space.path("m.gif")).unwrap();
    assert!(
        bytes.len() < 4_000_000 && bytes.windows(11).any(|part| part == b"NETSCAPE2.0"),
        "it does not loop"
    );
    let (count, millis) = webp_frames(&fs::read(space.path("n.webp")).unwrap());
    assert!(count >= 3 && (3200..=5040).contains(&millis), "{count} frames, {millis} ms");
}

#[test]
fn posters_and_previews_are_cached_and_are_not_media() {
    let space = build_posters_and_previews();
    assert_eq!(space.run(&["build", "--json"]).expect_success().finished_event()["actions"]["run"], 0);
    space.run(&["verify", "--sample", "1000"]).expect_success();
    let kept = fs::read(space.path("m.jpg")).unwrap();
    fs::remove_file(space.path("m.jpg")).unwrap();
    space.run(&["cache", "gc", "--limit", "0", "--keep", "movie.yaml"]).expect_success();
    assert_eq!(space.run(&["build", "--json"]).expect_success().finished_event()["actions"]["run"], 0);
    assert_eq!(fs::read(space.path("m.jpg")).unwrap(), kept);
    space.movie("media: \"*.{jpg,png,gif,webp}\"\nduration: 1s\noutputs: {other.mp4: {}}\n");
    assert!(space.run(&["check", "--json"]).codes().contains(&"mmm::plan::no-media".to_owned()));
}

#[test]
fn a_foreign_or_changed_picture_is_not_replaced() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "hill.jpg").take("photos/bee.jpg", "m.jpg");
    let spec = |look: &str| {
        format!(
            "media: hill.jpg\nduration: 1s\nstyle: {{look: {look}}}\noutputs: {{m.mp4: {{poster: m.jpg}}}}\n"
        )
    };
    space.movie(&spec("natural"));
    let foreign = fs::read(space.path("m.jpg")).unwrap();
    let ran = space.run(&["build", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::output::not-ours"]);
    assert_eq!(ran.actions().len(), 0, "it is found before an action runs");
    assert_eq!(fs::read(space.path("m.jpg")).unwrap(), foreign);
    // A foreign movie is reported together with it. A draft can be built: it has another name and no poster.
    fs::write(space.path("m.mp4"), b"foreign").unwrap();
    let ran = space.run(&["build", "--json"]).expect_exit(1);
    assert_eq!((ran.codes(), ran.actions().len()), (vec!["mmm::output::not-ours".to_owned(); 2], 0));
    space.draft();
    assert_eq!(fs::read(space.path("m.mp4")).unwrap(), b"foreign");
    fs::remove_file(space.path("m.mp4")).unwrap();
    fs::remove_file(space.path("m.jpg")).unwrap();
    space.run(&["build"]).expect_success();
    // A picture that mmm wrote is replaced.
    let first = fs::read(space.path("m.jpg")).unwrap();
    space.movie(&spec("black-and-white"));
    space.run(&["build"]).expect_success();
    let mut second = fs::read(space.path("m.jpg")).unwrap();
    assert!(first != second);
    // A picture that another program has changed is foreign.
    let last = second.len() - 10;
    second[last] ^= 1;
    fs::write(space.path("m.jpg"), &second).unwrap();
    assert_eq!(space.run(&["build", "--json"]).expect_exit(1).codes(), ["mmm::output::not-ours"]);
    assert_eq!(fs::read(space.path("m.jpg")).unwrap(), second);
}

#[test]
fn a_bad_poster_or_preview_is_reported_with_its_line() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "hill.jpg");
    let cases = [
        ("m.mp4: {poster: m.gif}", "mmm::spec::picture-ending"),
        ("m.mp4: {preview: m.jpg}", "mmm::spec::picture-ending"),
        ("m.mp4: {poster: m.webp, preview: m.webp}", "mmm::spec::duplicate-output"),
        ("m.mp4: {poster: m.jpg}, n.mp4: {poster: ./m.jpg}", "mmm::spec::duplicate-output"),
        ("m.mp4: {poster: hill.jpg}", "mmm::spec::output-is-input"),
        ("m.mp4: {poster: {path: m.jpg, at: 9s}}", "mmm::spec::bad-range"),
        ("m.mp4: {poster: ../m.jpg}", "mmm::spec::path-outside"),
    ];
    for (outputs, code) in cases {
        space.movie(&format!("media: hill.jpg\nduration: 2s\noutputs: {{{outputs}}}\n"));
        let ran = space.run(&["check", "--json"]).expect_exit(3);
        assert_eq!(ran.codes(), [code], "{outputs}");
        let found = ran.diagnostic(code);
        assert!(found["labels"].as_array().unwrap().iter().any(|label| label["line"] == 3), "{found}");
    }
}

#[test]
fn why_explains_posters_and_previews() {
    let space = three_clips("{m.mp4: {poster: {path: m.jpg, at: 0.5s}, preview: m.gif}}");
    space.run(&["why", "m.jpg"]).expect_exit(2);
    space.run(&["build"]).expect_success();
    let why = |name: &str| space.last_event(&["why", name, "--json"]);
    let first = why("m.jpg");
    assert_eq!(
        (&first["made"], &first["shot"], &first["picture"]),
        (&"first".into(), &"a.mp4".into(), &"m.jpg".into())
    );
    // 0.5 s at 25 fps.
    assert_eq!(first["start"], 13);
    let shots = [why("m.gif")["shot"].clone(), why("m.gif")["others"][0][1].clone()];
    assert_eq!(shots, ["a.mp4", "b.mp4"]);
    space.run(&["why", "m.jpg", "--at", "1s"]).expect_exit(2);

    // At another time the poster shows another shot; the preview stays.
    let text = fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.movie(&text.replace("at: 0.5s", "at: 2s"));
    let ran = space.run(&["build", "-v"]).expect_success();
    let line = ran.stderr.lines().find(|line| line.contains("poster")).unwrap().to_owned();
    assert!(line.contains("`m.jpg`: shot `a.mp4` → `b.mp4`"), "{line}");
    let again = why("m.jpg");
    assert_eq!((&again["made"], &again["shot"]), (&"again".into(), &"b.mp4".into()));
    assert_eq!(again["changes"][0]["what"], "shot");
    assert!(again["causes"].as_array().unwrap().iter().any(|cause| cause["line"] == 7), "{again}");
    assert_eq!(why("m.gif")["made"], "kept");
    let text_of_why = space.run(&["why", "m.jpg"]).expect_success().stdout;
    assert!(
        text_of_why.contains("rendered again") && text_of_why.contains("shot `a.mp4` → `b.mp4`"),
        "{text_of_why}"
    );

    // A different look changes the colours of both.
    space.movie(
        &text.replace("at: 0.5s", "at: 2s").replace("{transitions: cut}", "{transitions: cut, look: cool}"),
    );
    let ran = space.run(&["build", "-v"]).expect_success();
    for name in ["m.jpg", "m.gif"] {
        let line = ran.stderr.lines().find(|line| line.contains(&format!("`{name}`"))).unwrap_or_default();
        assert!(line.contains("look"), "{name}: {}", ran.stderr);
        assert_eq!(why(name)["made"], "again");
    }
}
