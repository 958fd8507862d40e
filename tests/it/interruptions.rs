//! Builds that are stopped, killed, run at the same time, or lose their media.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::measure::digest;
use crate::space::{Run, Space, files_below};
use crate::tools::interrupt;

const BUILD: [&str; 3] = ["build", "--profile", "draft"];

/// Fails if the folder has a partially written file.
#[track_caller]
fn assert_no_partial_files(space: &Space) {
    let files = files_below(&space.folder());
    assert!(!files.iter().any(|path| path.to_string_lossy().contains("mmm-part")), "{files:?}");
}

#[test]
fn ctrl_c_stops_within_a_second_and_keeps_finished_segments() {
    let space = Space::holiday().without_models();
    // A final build takes long enough to be interrupted.
    let child = space.command(&["build", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let records = space.cache().join("store-v1/records");
    let segments = || {
        let files = if records.exists() { files_below(&records) } else { Vec::new() };
        files.iter().filter(|path| path.to_string_lossy().contains("/segment-v")).count()
    };
    let waiting = Instant::now();
    while segments() == 0 {
        assert!(waiting.elapsed() < Duration::from_secs(120), "no segment was encoded");
        sleep(Duration::from_millis(20));
    }
    let start = Instant::now();
    interrupt(&child);
    let ran = Run::from(child.wait_with_output().unwrap()).expect_exit(130);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(ran.codes().contains(&"mmm::cli::interrupted".to_owned()));
    assert!(!space.path("movie.mp4").exists());
    assert_no_partial_files(&space);
    let kept = segments();
    let again = space.run(&["build", "--json"]).expect_success();
    let cached = again.events().iter().filter(|e| e["kind"] == "segment" && e["state"] == "cached").count();
    assert!(cached >= kept, "{cached} of {kept} segments were kept");
}

#[test]
fn killed_builds_leave_no_damage() {
    let whole = Space::holiday().without_models();
    whole.run(&BUILD).expect_success();
    let wanted = digest(&whole.path("movie.draft.mp4"));
    // Kills fifty builds at different moments. Every tenth one is followed by a complete build and a fresh
    // space.
    let mut space = Space::holiday().without_models();
    for kill in 0..50u64 {
        let mut child = space.command(&BUILD).spawn().unwrap();
        sleep(Duration::from_millis(15 + (kill * 37) % 700));
        child.kill().ok();
        child.wait().unwrap();
        if kill % 10 == 9 {
            space.run(&BUILD).expect_success();
            assert_eq!(digest(&space.path("movie.draft.mp4")), wanted, "after {} kills", kill + 1);
            assert_eq!(space.last_event(&["cache", "verify", "--json"])["damaged"], json!([]));
            assert_no_partial_files(&space);
            space = Space::holiday().without_models();
        }
    }
}

#[test]
fn concurrent_builds_share_one_cache() {
    let space = Space::holiday().without_models();
    let children: Vec<_> = (0..3).map(|_| space.command(&BUILD).spawn().unwrap()).collect();
    for child in children {
        Run::from(child.wait_with_output().unwrap()).expect_success();
    }
    assert_eq!(space.draft().finished_event()["actions"]["run"], 0);
}

#[test]
fn a_failed_build_leaves_the_old_movie() {
    let space = Space::holiday().without_models();
    space.run(&BUILD).expect_success();
    let old = digest(&space.path("movie.draft.mp4"));
    space.write("song.wav", b"not a song");
    space.run(&BUILD).expect_exit(3);
    assert_eq!(digest(&space.path("movie.draft.mp4")), old);
}

#[test]
fn media_removed_during_a_build_never_give_a_stale_movie() {
    const SPEC: &str = "media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 5s\n";
    for (name, replaced) in
        [("photos/path.jpg", false), ("clips/rabbit.mp4", false), ("photos/hill.jpg", true)]
    {
        let change = |space: &Space| {
            if replaced {
                space.take("photos/fig.jpg", name);
            } else {
                fs::remove_file(space.path(name)).unwrap();
            }
        };
        let space = Space::holiday().without_models();
        space.movie(SPEC);
        let mut command = space.command(&["build", "--profile", "draft", "--json", "--jobs", "1"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.find(|line| line.contains("\"rendering\"")).expect("it renders");
        change(&space);
        lines.for_each(drop);
        let code = child.wait().unwrap().code().unwrap();
        // The build succeeds if it had already encoded the segment; otherwise it reports the missing file.
        assert!(code == 0 || code == 1, "{name}: {code}");
        let digest = |space: &Space| space.draft().finished_event()["outputs"][0]["digest"].clone();
        let next = digest(&space);
        let clean = Space::holiday().without_models();
        clean.movie(SPEC);
        change(&clean);
        fs::copy(space.path("movie.lock"), clean.path("movie.lock")).unwrap();
        assert_eq!(next, digest(&clean), "{name}");
    }
}
