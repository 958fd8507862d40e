//! WebM outputs: AV1 and Opus in Matroska.

use crate::measure::{frames, loudness, probe, sound, stream};
use crate::space::{Space, figure};
use crate::tools::ffmpeg;

/// Returns a movie with a title, a description and three chapters.
fn three_chapters() -> Space {
    let space = Space::with_photos(&["hill", "bee", "path"]).without_models();
    let song = space.path("song.wav");
    ffmpeg(&["-f", "lavfi", "-i", "sine=440:d=9", song.to_str().unwrap()]);
    space.movie(
        "title: Away\nprompt: a day out\nmedia: [{path: photos/, required: true}]\nmusic: song.wav\nduration: 4s\nrate: 25\n\
         style: {transitions: cut}\noutputs: {m.webm: {}}\n",
    );
    space
}

#[test]
fn streams_and_tags_match_the_plan() {
    let space = three_chapters();
    space.run(&["build"]).expect_success();
    let path = space.path("m.webm");
    let probe = probe(&path);
    assert_eq!(probe["format"]["format_name"], "matroska,webm");
    assert_eq!(stream(&probe, "video")["codec_name"], "av1");
    assert_eq!(stream(&probe, "video")["color_space"], "bt709");
    assert_eq!(stream(&probe, "audio")["codec_name"], "opus");
    assert_eq!(stream(&probe, "audio")["sample_rate"], "48000");
    let tags = &probe["format"]["tags"];
    assert_eq!((&tags["title"], &tags["DESCRIPTION"]), (&"Away".into(), &"a day out".into()));
    let chapters = probe["chapters"].as_array().unwrap();
    assert_eq!(chapters.len(), 3, "{chapters:#?}");
    assert_eq!(
        (&chapters[0]["start_time"], &chapters[2]["end_time"]),
        (&"0.000000".into(), &"4.000000".into())
    );

    // 4 s: 100 frames, and 192,000 samples without priming and padding.
    assert_eq!(frames(&path, 16, 9).len(), 100);
    assert_eq!(sound(&path, 48_000).len(), 192_000);
    assert!((loudness(&path).0 + 14.0).abs() < 0.5, "{:?}", loudness(&path));

    // An MP4 output shares the segments; only its sound is encoded again.
    let spec = std::fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.movie(&spec.replace("m.webm: {}", "m.webm: {}, m.mp4: {codec: av1}"));
    let ran = space.run(&["build", "--json"]).expect_success();
    assert_eq!(ran.actions(), [("sound".to_owned(), 1)].into());
    assert!(
        frames(&path, 64, 36) == frames(&space.path("m.mp4"), 64, 36),
        "other pictures in another container"
    );

    // The review measures the lengths of the plan, to the frame and to the sample.
    let review = space.run(&["review", "m.webm", "--json"]).expect_success().review_event();
    let value = |name| figure(&review, name)["value"].as_f64();
    assert_eq!(["length", "sound length", "skew"].map(value), [Some(0.0); 3]);
}

#[test]
fn webm_builds_are_reproducible_and_foreign_files_are_kept() {
    let space = three_chapters();
    let spec =
        std::fs::read_to_string(space.path("movie.yaml")).unwrap().replace("duration: 4s", "duration: 2s");
    space.movie(&spec);
    let first = space.run(&["build", "--json", "--jobs", "2"]).expect_success().finished_event();
    assert_eq!(space.run(&["build", "--json"]).expect_success().finished_event()["actions"]["run"], 0);
    std::fs::remove_dir_all(space.cache()).unwrap();
    let again = space.run(&["build", "--json", "--jobs", "1"]).expect_success().finished_event();
    assert_eq!(first["outputs"][0]["digest"], again["outputs"][0]["digest"]);

    space.movie(&spec.replace("title: Away", "title: Home"));
    space.run(&["build"]).expect_success();
    assert_eq!(probe(&space.path("m.webm"))["format"]["tags"]["title"], "Home");

    // An output is also recognised among media.
    space.movie("media: \"*.webm\"\nduration: 1s\noutputs: {other.webm: {}}\n");
    assert!(space.run(&["check", "--json"]).codes().contains(&"mmm::plan::no-media".to_owned()));

    space.movie(&spec);
    let path = space.path("m.webm");
    ffmpeg(&["-f", "lavfi", "-i", "color=s=64x36:d=1", "-c:v", "libvpx", path.to_str().unwrap()]);
    let foreign = std::fs::read(&path).unwrap();
    assert_eq!(space.run(&["build", "--json"]).expect_exit(1).codes(), ["mmm::output::not-ours"]);
    assert_eq!(std::fs::read(&path).unwrap(), foreign);
}

#[test]
fn a_codec_that_webm_cannot_hold_is_reported_with_its_line() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 1s\noutputs:\n  m.webm:\n    codec: hevc\n");
    let ran = space.run(&["check"]).expect_exit(3);
    assert!(ran.stderr.contains("`m.webm` can't contain `hevc`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("movie.yaml:5:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("codec: av1"), "{}", ran.stderr);
    space.movie("media: hill.jpg\nduration: 1s\ncodec: h264\noutputs: {m.webm: {}}\n");
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::spec::bad-value"]);
    space.movie("media: hill.jpg\nduration: 1s\ncodec: h264\noutputs: {m.webm: {codec: av1}}\n");
    space.run(&["check"]).expect_success();
    // Its draft is an MP4 file.
    space.draft();
    assert_eq!(stream(&probe(&space.path("m.webm.draft.mp4")), "video")["codec_name"], "h264");
}
