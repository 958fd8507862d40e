//! Movies that end in `.webm`: AV1 and Opus in Matroska, read back by other programs.

use crate::space::{Space, ffmpeg, frames, loudness, probe, sound, stream};

/// Three photos of three mornings and a tone, with everything that a file says of itself.
fn mornings() -> Space {
    let space = Space::new();
    for name in ["hill", "bee", "path"] {
        space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
    }
    let song = space.path("song.wav");
    ffmpeg(&["-f", "lavfi", "-i", "sine=440:d=9", song.to_str().unwrap()]);
    space.movie(
        "title: Away\nprompt: a day out\nmedia: [{path: photos/, required: true}]\nmusic: song.wav\nduration: 4s\nrate: 25\n\
         style: {transitions: cut}\noutputs: {m.webm: {}}\n",
    );
    space
}

#[test]
fn picture_sound_and_words_are_as_the_plan_has_them() {
    let space = mornings();
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

    // Four seconds: 100 pictures, and 192,000 samples once priming and padding are off.
    assert_eq!(frames(&path, 16, 9).len(), 100);
    assert_eq!(sound(&path, 48_000).len(), 192_000);
    assert!((loudness(&path).0 + 14.0).abs() < 0.5, "{:?}", loudness(&path));

    // The pieces are those of an MP4 file, but for the container and the sound.
    let spec = std::fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.movie(&spec.replace("m.webm: {}", "m.webm: {}, m.mp4: {codec: av1}"));
    let ran = space.run(&["build", "--json"]).expect_success();
    assert_eq!(ran.actions(), [("sound".to_owned(), 1)].into());
    assert!(
        frames(&path, 64, 36) == frames(&space.path("m.mp4"), 64, 36),
        "other pictures in another container"
    );

    // `review` decodes it and holds it against the plan: to the sample and to the frame.
    let judged = space.run(&["review", "m.webm", "--json"]).expect_success().events();
    let review = judged.iter().find(|event| event["event"] == "review").unwrap();
    let figure = |name: &str| {
        let figures = review["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["name"] == name).unwrap()["value"].as_f64()
    };
    assert_eq!(["length", "sound length", "skew"].map(figure), [Some(0.0); 3]);
}

/// The same bytes on a clean cache with other workers; our own file is replaced, another's is not.
#[test]
fn the_same_bytes_again_and_nothing_of_others_is_overwritten() {
    let space = mornings();
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

    // It is known again as ours among media, too.
    space.movie("media: \"*.webm\"\nduration: 1s\noutputs: {other.webm: {}}\n");
    assert!(space.run(&["check", "--json"]).codes().contains(&"mmm::plan::no-media".to_owned()));

    space.movie(&spec);
    let path = space.path("m.webm");
    ffmpeg(&["-f", "lavfi", "-i", "color=s=64x36:d=1", "-c:v", "libvpx", path.to_str().unwrap()]);
    let theirs = std::fs::read(&path).unwrap();
    assert_eq!(space.run(&["build", "--json"]).expect_exit(1).codes(), ["mmm::output::not-ours"]);
    assert_eq!(std::fs::read(&path).unwrap(), theirs);
}

#[test]
fn a_codec_that_webm_does_not_hold_is_told_with_its_line() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 1s\noutputs:\n  m.webm:\n    codec: hevc\n");
    let ran = space.run(&["check"]).expect_exit(3);
    assert!(ran.stderr.contains("`m.webm` can't hold `hevc`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("movie.yaml:5:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("codec: av1"), "{}", ran.stderr);
    space.movie("media: hill.jpg\nduration: 1s\ncodec: h264\noutputs: {m.webm: {}}\n");
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::spec::bad-value"]);
    space.movie("media: hill.jpg\nduration: 1s\ncodec: h264\noutputs: {m.webm: {codec: av1}}\n");
    space.run(&["check"]).expect_success();
    // Its draft is MP4, beside it.
    space.draft();
    assert_eq!(stream(&probe(&space.path("m.webm.draft.mp4")), "video")["codec_name"], "h264");
}
