//! What players find in a finished movie: streams, tags, chapters and codecs.

use crate::measure::{difference, frames, probe, stream};
use crate::space::Space;

#[test]
fn streams_lengths_and_tags_are_exact() {
    let space = Space::holiday();
    let finished = space.run(&["build", "--json"]).expect_success().finished_event();
    let path = space.path("movie.mp4");
    assert_eq!(finished["outputs"][0]["name"], "movie.mp4");
    assert_eq!(finished["outputs"][0]["frames"], 300);
    assert_eq!(finished["outputs"][0]["duration"], 10.0);
    let probe = probe(&path);
    let (picture, sound) = (stream(&probe, "video"), stream(&probe, "audio"));
    assert_eq!((&picture["codec_name"], &sound["codec_name"]), (&"h264".into(), &"aac".into()));
    assert_eq!((&picture["width"], &picture["height"]), (&1920.into(), &1080.into()));
    assert_eq!((&picture["pix_fmt"], &picture["r_frame_rate"]), (&"yuv420p".into(), &"30/1".into()));
    for (tag, value) in [
        ("color_space", "bt709"),
        ("color_primaries", "bt709"),
        ("color_transfer", "bt709"),
        ("color_range", "tv"),
        ("sample_aspect_ratio", "1:1"),
        ("nb_read_packets", "300"),
        ("start_time", "0.000000"),
        ("duration", "10.000000"),
    ] {
        assert_eq!(picture[tag], value, "{tag}");
    }
    // Exact to the sample: the edit list removes the encoder's priming.
    assert_eq!((&sound["sample_rate"], &sound["channels"]), (&"48000".into(), &2.into()));
    assert_eq!((&sound["duration_ts"], &sound["start_time"]), (&480_000.into(), &"0.000000".into()));
    // The index comes before the frames, so that players start while they load.
    let bytes = std::fs::read(&path).unwrap();
    let find = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(find(b"moov") < find(b"mdat"));
    assert_eq!(frames(&path, 16, 9).len(), 300);
}

#[test]
fn title_and_chapters_are_in_the_metadata() {
    let space = Space::with_photos(&["hill", "path", "bee"]);
    space.movie("title: Away\nprompt: a day out\nmedia: photos/\nduration: 9s\n");
    space.draft();
    let probe = probe(&space.path("movie.draft.mp4"));
    assert_eq!(probe["format"]["tags"]["title"], "Away");
    assert_eq!(probe["format"]["tags"]["description"], "a day out");
    // One photo of 2006, and two of a morning in 2024 that are more than an hour apart.
    let chapters = probe["chapters"].as_array().unwrap();
    assert_eq!(chapters.len(), 3, "{chapters:#?}");
    assert_eq!(chapters[0]["start_time"], "0.000000");
    assert_eq!(chapters[2]["end_time"], "9.000000");
}

/// Segments are joined without encoding again: every frame exists and looks like the draft's.
#[test]
fn codecs_follow_the_spec_and_containers_the_file_name() {
    let space = Space::new();
    for name in ["hill", "bee", "path"] {
        space.take(&format!("photos/{name}.jpg"), &format!("{name}.jpg"));
    }
    let spec = |outputs: &str| {
        format!(
            "media: [{{path: \"*.jpg\", required: true}}]\nduration: 3s\nstyle: {{transitions: [dissolve], photos: still}}\n\
             outputs: {{{outputs}}}\n"
        )
    };
    space.movie(&spec("movie.mp4: {}"));
    space.draft();
    let draft = frames(&space.path("movie.draft.mp4"), 64, 36);
    space.movie(&spec("h.mov: {codec: hevc}, a.mp4: {codec: av1}"));
    space.run(&["build"]).expect_success();
    for (name, codec, tag) in [("h.mov", "hevc", "hvc1"), ("a.mp4", "av1", "av01")] {
        let path = space.path(name);
        let probe = probe(&path);
        let picture = stream(&probe, "video");
        assert_eq!((&picture["codec_name"], &picture["codec_tag_string"]), (&codec.into(), &tag.into()));
        assert_eq!(picture["color_space"], "bt709");
        let frames = frames(&path, 64, 36);
        assert_eq!((frames.len(), draft.len()), (90, 90));
        for (index, (frame, draft)) in frames.iter().zip(&draft).enumerate() {
            let apart = difference(frame, draft);
            assert!(apart < 4.0, "{name}, frame {index}: {apart}");
        }
    }
    space.movie(&spec("h.mov: {codec: av1}"));
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::spec::bad-value"]);
}

/// Even outputs that differ only in their extension have separate drafts, and mmm recognises them.
#[test]
fn each_output_has_its_own_draft() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie(
        "media: [hill.jpg]\nduration: 1s\nstyle: {photos: still}\noutputs: {a.mp4: {}, a.mov: {aspect: \"9:16\"}}\n",
    );
    let finished = space.draft().finished_event();
    let paths: Vec<_> =
        finished["outputs"].as_array().unwrap().iter().map(|output| output["path"].clone()).collect();
    assert!(paths[0].as_str().unwrap().ends_with("/a.draft.mp4"), "{paths:?}");
    assert!(paths[1].as_str().unwrap().ends_with("/a.mov.draft.mp4"), "{paths:?}");
    let height = |name: &str| stream(&probe(&space.path(name)), "video")["height"].clone();
    assert_eq!((height("a.draft.mp4"), height("a.mov.draft.mp4")), (360.into(), 640.into()));
    for (name, output) in [("a.draft.mp4", "a.mp4"), ("a.mov.draft.mp4", "a.mov")] {
        space.run(&["why", name]).expect_success();
        assert_eq!(space.run(&["review", name, "--json"]).review_event()["output"], output);
    }
    // Files that mmm wrote are not media of the next build.
    space.movie("media: \"*.m*\"\nduration: 1s\noutputs: {a.mp4: {}, a.mov: {}}\n");
    let codes = space.run(&["check", "--json"]).codes();
    assert!(codes.contains(&"mmm::plan::no-media".to_owned()), "{codes:?}");
}
