//! Movies that fit into a number of bytes.

use std::fs;

use crate::measure::{decode, digest, probe, stream};
use crate::space::{Run, Space};
use crate::tools::ffmpeg;

/// Returns a space with a clip of four seconds, half of it noise, and a song.
fn busy() -> Space {
    let space = Space::new().without_models();
    let clip = space.path("clip.mp4");
    let source = "testsrc2=s=480x480:r=25:d=4.2,noise=alls=24:allf=t:all_seed=5";
    let codec = ["-pix_fmt", "yuv420p", "-preset", "ultrafast", "-crf", "14"];
    ffmpeg(&[&["-f", "lavfi", "-i", source], &codec[..], &[clip.to_str().unwrap()]].concat());
    space.clicks("song.wav", 120.0, 8.0);
    space
}

fn spec(space: &Space, output: &str, keys: &str) {
    space.movie(&format!(
        "title: Busy\nmedia: [{{path: clip.mp4, sound: mute, caption: \"so much to see\"}}]\nmusic: song.wav\n\
         duration: 4s\nrate: 25\nsize: 480\naspect: \"1:1\"\nconstraints: {{shot: 0.8s..1.2s, repeats: 5}}\n\
         style: {{transitions: cut}}\noutputs: {{ {output}: {{ {keys} }} }}\n"
    ));
}

fn bytes(space: &Space, name: &str) -> u64 {
    fs::metadata(space.path(name)).unwrap().len()
}

/// Returns how the build fitted its only output.
fn size(run: &Run) -> serde_json::Value {
    run.finished_event()["outputs"][0]["size"].clone()
}

#[test]
fn a_movie_never_exceeds_its_limit() {
    let space = busy();
    for (output, subtitles, codec, parts) in [
        ("m.mp4", "m.srt", "h264", &[9, 6, 3][..]),
        ("m.mov", "m.vtt", "hevc", &[5][..]),
        ("m.webm", "m.vtt", "av1", &[5][..]),
    ] {
        spec(&space, output, &format!("codec: {codec}, subtitles: {subtitles}"));
        space.run(&["build"]).expect_success();
        let whole = bytes(&space, output);
        for part in parts {
            let limit = whole * part / 10 / 1000 * 1000;
            let keys = format!("codec: {codec}, subtitles: {subtitles}, max-size: {}kB", limit / 1000);
            spec(&space, output, &keys);
            let run = space.run(&["build", "--json"]).expect_success();
            let found = bytes(&space, output);
            assert!(found <= limit, "{output}: {found} of {limit}");
            assert!(size(&run)["rounds"].as_u64().unwrap() <= 3, "{}", size(&run));
            assert_eq!(run.finished_event()["outputs"][0]["bytes"], found);
            // The size is known from the segments, to a little more than it is.
            let bound = size(&run)["at_most"].as_u64().unwrap();
            assert!(
                found <= bound && (!size(&run)["finer"].is_null() || bound - found < 25_000),
                "{output}: {found}, at most {bound}"
            );
            // It plays to its end.
            let path = space.path(output);
            assert_eq!(
                decode(&path, &["-vf", "scale=16:9", "-pix_fmt", "gray", "-f", "rawvideo"]).len(),
                100 * 144
            );
        }
    }
}

#[test]
fn the_search_is_cached_explained_and_the_same_everywhere() {
    let space = busy();
    spec(&space, "m.mp4", "");
    space.run(&["build"]).expect_success();
    let limit = bytes(&space, "m.mp4") / 2 / 1000;
    let keys = format!("max-size: {limit}kB");
    spec(&space, "m.mp4", &keys);
    let plan = |space: &Space| space.run(&["plan"]).expect_success().stdout;
    assert!(plan(&space).contains("the build will find settings that fit"), "{}", plan(&space));
    let first = space.run(&["build", "--json"]).expect_success();
    assert_eq!(size(&first)["fits"], true);
    let found = digest(&space.path("m.mp4"));
    let again = space.run(&["build", "--json"]).expect_success();
    assert_eq!(again.finished_event()["actions"]["run"], 0);
    assert_eq!(size(&again), size(&first));
    assert!(plan(&space).contains("fits with CRF"), "{}", plan(&space));
    let why = space.run(&["why", "m.mp4", "--at", "1s"]).expect_success().stdout;
    assert!(why.contains("coarser for `max-size`") && why.contains("max-size"), "{why}");
    // Nothing that the search needs is thrown away.
    space.run(&["cache", "gc", "--keep", "movie.yaml", "--limit", "0"]).expect_success();
    let kept = space.run(&["build", "--json"]).expect_success();
    assert_eq!(kept.finished_event()["actions"]["run"], 0, "{}", kept.stderr);

    // With another number of jobs and an empty cache, the movie has the same bytes.
    fs::remove_dir_all(space.cache()).unwrap();
    space.run(&["build", "--jobs", "1"]).expect_success();
    assert_eq!(digest(&space.path("m.mp4")), found);
    // A lost segment of an earlier round is encoded again.
    let blobs = crate::space::files_below(&space.cache().join("store-v1/blobs"));
    blobs.iter().for_each(|blob| fs::remove_file(blob).unwrap());
    space.run(&["build"]).expect_success();
    assert_eq!(digest(&space.path("m.mp4")), found);

    // A movie that fits is what it was without a limit, and drafts have none.
    spec(&space, "m.mp4", "");
    space.run(&["build"]).expect_success();
    let plain = digest(&space.path("m.mp4"));
    spec(&space, "m.mp4", "max-size: 100MB");
    let run = space.run(&["build", "--json"]).expect_success();
    assert_eq!((digest(&space.path("m.mp4")), size(&run)["rounds"].as_u64()), (plain, Some(1)));
    spec(&space, "m.mp4", "max-size: 100kB");
    assert!(size(&space.draft()).is_null());
}

#[test]
fn the_sound_is_lowered_when_it_takes_too_much() {
    let space = busy();
    // Of 300 kB the sound may have 50, which is 100 kbit/s for four seconds.
    spec(&space, "m.mp4", "max-size: 300kB");
    let run = space.run(&["build", "--json"]).expect_success();
    assert_eq!(size(&run)["sound_kbit_s"], 96, "{}", size(&run));
    assert!(bytes(&space, "m.mp4") <= 300_000);
    let probe = probe(&space.path("m.mp4"));
    let rate: u64 = stream(&probe, "audio")["bit_rate"].as_str().unwrap().parse().unwrap();
    assert!((70_000..110_000).contains(&rate), "{rate}");
}

#[test]
fn a_limit_that_can_not_be_met_is_an_error_with_numbers() {
    let space = busy();
    spec(&space, "m.mp4", "max-size: 100kB, size: 1080");
    let run = space.run(&["build", "--json"]).expect_exit(1);
    let found = run.diagnostic("mmm::output::too-large");
    let (message, help) = (found["message"].as_str().unwrap(), found["help"].as_str().unwrap());
    assert!(message.contains("100kB") && message.contains("the smallest movie has"), "{message}");
    assert!(help.contains("`size: 720`") && help.contains("`codec: hevc`"), "{help}");
    assert!(!space.path("m.mp4").exists());
    // An earlier movie stays.
    spec(&space, "m.mp4", "");
    space.run(&["build"]).expect_success();
    let before = digest(&space.path("m.mp4"));
    spec(&space, "m.mp4", "max-size: 100kB, size: 1080");
    space.run(&["build"]).expect_exit(1);
    assert_eq!(digest(&space.path("m.mp4")), before);
}

#[test]
fn an_output_that_is_too_large_does_not_stop_the_others() {
    let space = busy();
    spec(&space, "a.mp4: { max-size: 100kB, size: 1080 }, c.mp4: { max-size: 100kB, size: 1080 }, b.mp4", "");
    let run = space.run(&["build", "--json"]).expect_exit(1);
    assert!(space.path("b.mp4").exists() && !space.path("a.mp4").exists());
    for name in ["a.mp4", "c.mp4"] {
        let is_named = |event: &serde_json::Value| {
            let message = event["message"].as_str().unwrap_or_default();
            event["code"] == "mmm::output::too-large" && message.contains(name)
        };
        assert!(run.events().iter().any(is_named), "{name}: {}", run.stderr);
    }
    let built = run.finished_event();
    assert_eq!(built["outputs"].as_array().unwrap().len(), 1, "{built}");
    assert_eq!(built["outputs"][0]["name"], "b.mp4");
    // What was built stays as it is.
    let before = digest(&space.path("b.mp4"));
    let again = space.run(&["build", "--json"]).expect_exit(1);
    assert_eq!(again.finished_event()["actions"]["run"], 0);
    assert_eq!(digest(&space.path("b.mp4")), before);
}
