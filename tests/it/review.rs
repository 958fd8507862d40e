//! `mmm review` and the gate of a build.

use std::fs;

use crate::measure::loudness;
use crate::media::wav;
use crate::space::{Space, failing_figures, figure, passing_figures};
use crate::tools::ffmpeg;

/// Returns the numbers of test cases and failures in a JUnit file.
fn junit_counts(space: &Space, file: &str) -> (usize, usize) {
    let xml = fs::read_to_string(space.path(file)).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
    (count("testcase"), count("failure"))
}

#[test]
fn a_build_passes_its_gate() {
    let space = Space::holiday();
    let built = space.run(&["build", "--profile", "draft", "--gate", "--junit", "gate.xml", "--json"]);
    let review = built.review_event();
    assert_eq!(failing_figures(&review), [""; 0], "{review:#}");
    built.expect_success().finished_event();
    let all = review["figures"].as_array().unwrap().len();
    assert_eq!(junit_counts(&space, "gate.xml"), (all, 0));
    let passing = passing_figures(&review);
    for name in [
        "size",
        "length",
        "cut error",
        "black frames",
        "flashes",
        "loudness",
        "true peak",
        "chapters missing",
    ] {
        assert!(passing.iter().any(|passing| passing == name), "{name} was not measured: {review:#}");
    }
    // The figures of the sound agree with ffmpeg's meter.
    let value = |name: &str| figure(&review, name)["value"].as_f64().unwrap();
    let (level, peak) = loudness(&space.path("movie.draft.mp4"));
    assert!((value("loudness") - level).abs() <= 0.1, "{} and {level} LUFS", value("loudness"));
    assert!((value("true peak") - peak).abs() <= 0.2, "{} and {peak} dBTP", value("true peak"));
}

#[test]
fn a_changed_file_fails_its_review_and_is_built_again() {
    let space = Space::holiday();
    space.draft();
    // The same movie with its sound turned down by 6 dB.
    let (movie, quiet) = (space.path("movie.draft.mp4"), space.path("quiet.mp4"));
    let copy =
        ["-c:v", "copy", "-af", "volume=-6dB", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart"];
    ffmpeg(&[&["-i", movie.to_str().unwrap()], &copy[..], &[quiet.to_str().unwrap()]].concat());
    fs::rename(&quiet, &movie).unwrap();
    let review = space.run(&["review", "movie.draft.mp4", "--json"]).expect_exit(4).review_event();
    let ran = space.run(&["review", "movie.draft.mp4", "--junit", "review.xml"]).expect_exit(4);
    assert!(ran.stdout.contains("FAILS  loudness"), "{}", ran.stdout);
    assert!(ran.stderr.contains("mmm::review::fails"), "{}", ran.stderr);
    let (cases, failures) = junit_counts(&space, "review.xml");
    assert!(cases == review["figures"].as_array().unwrap().len() && failures >= 1, "{cases} {failures}");
    // A build detects that the file is not what it wrote, and replaces it.
    space.run(&["build", "--profile", "draft", "--gate"]).expect_success();
}

#[test]
fn a_movie_without_a_spec_gets_the_figures_that_need_none() {
    let space = Space::new();
    let path = space.path("clean.mp4");
    let picture = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=2"];
    let sound = ["-f", "lavfi", "-i", "sine=440:r=48000:d=2"];
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "alac", "-movflags", "+faststart"];
    ffmpeg(&[&picture[..], &sound[..], &codecs[..], &[path.to_str().unwrap()]].concat());
    let review = space.run(&["review", "clean.mp4", "--json"]).expect_success().review_event();
    assert_eq!(
        passing_figures(&review),
        [
            "uneven frames",
            "skew",
            "media before the index",
            "black frames",
            "frozen picture",
            "repeated frames",
            "flashes",
            "red flashes",
            "true peak",
        ]
    );
    let loudness = figure(&review, "loudness");
    assert!(
        loudness["value"].is_number() && loudness["holds"].is_null(),
        "no spec gives its limit: {loudness}"
    );
    let cut_error = figure(&review, "cut error");
    assert!(cut_error["value"].is_null() && cut_error["note"].is_string(), "{cut_error}");
    // Without sound, no figure of the sound passes.
    let silent = space.path("silent.mp4");
    ffmpeg(&["-i", path.to_str().unwrap(), "-an", "-c", "copy", silent.to_str().unwrap()]);
    let review = space.run(&["review", "silent.mp4", "--json"]).expect_exit(4).review_event();
    assert_eq!(failing_figures(&review), ["media before the index"]);
    assert!(!passing_figures(&review).contains(&"true peak".to_owned()));
}

#[test]
fn a_file_that_cannot_be_reviewed_is_reported() {
    let space = Space::new();
    let missing = space.run(&["review", "nothing.mp4", "--json"]).expect_exit(1);
    assert_eq!(missing.codes(), ["mmm::review::no-movie"]);
    space.take("malformed/text.mp4", "text.mp4");
    let text = space.run(&["review", "text.mp4", "--json"]).expect_exit(1);
    assert_eq!(text.codes(), ["mmm::review::no-movie"]);
    space.write("tone.wav", wav(48_000, &vec![0; 48_000]));
    let sound = space.run(&["review", "tone.wav", "--json"]).expect_exit(1);
    assert_eq!(sound.codes(), ["mmm::review::no-movie"]);
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 2s\n");
    let unbuilt = space.run(&["review", "--json"]).expect_exit(1);
    assert_eq!(unbuilt.codes(), ["mmm::review::no-movie"]);
    space.run(&["build", "--junit", "a.xml"]).expect_exit(2);
    space.run(&["review", "--output", "other.mp4"]).expect_exit(2);
}

#[test]
fn motion_in_whole_pixels_fails_and_smooth_motion_passes() {
    let space = Space::new();
    space.take("photos/bee.jpg", "bee.jpg");
    space.movie("media: bee.jpg\nduration: 3s\nstyle: { titles: off, transitions: cut }\n");
    space.run(&["build"]).expect_success();
    let smooth_motion = || {
        let review = space.run(&["review", "movie.mp4", "--json"]).review_event();
        let figure = figure(&review, "smooth motion");
        (figure["value"].as_f64().unwrap(), figure["holds"].as_bool().unwrap())
    };
    let (jerk, holds) = smooth_motion();
    assert!(holds && jerk < 0.15, "it jerks by {jerk} px");
    // ffmpeg's zoompan moves a photo of the frame's own size by whole pixels.
    let (photo, zoomed) = (space.path("bee.jpg"), space.path("zoomed.mp4"));
    let zoom = "scale=1920:1080:force_original_aspect_ratio=increase,crop=1920:1080,\
                zoompan=z='1+0.05*on/90':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=90:s=1920x1080:fps=30";
    let picture = ["-i", photo.to_str().unwrap(), "-vf", zoom, "-frames:v", "90"];
    ffmpeg(&[&picture[..], &["-pix_fmt", "yuv420p", zoomed.to_str().unwrap()]].concat());
    fs::copy(zoomed, space.path("movie.mp4")).unwrap();
    let (jerk, holds) = smooth_motion();
    assert!(!holds && jerk > 0.5, "it jerks by {jerk} px");
}
