//! Disks that are full: of the cache, of the movie, and of every other file that a command writes.
#![cfg(target_os = "linux")]

use std::fs::{self, File};

use serde_json::Value;

use crate::measure::digest;
use crate::space::{Run, Space};
use crate::tools::{run_on_full_disk, run_on_small_disk};

const DRAFT: [&str; 4] = ["build", "--profile", "draft", "--json"];

/// Fails unless the run ended because a disk is full, and said what to do.
#[track_caller]
fn assert_disk_full(ran: Run) {
    let ran = ran.expect_exit(1);
    let errors: Vec<Value> = ran.events().into_iter().filter(|event| event["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(errors[0]["code"], "mmm::output::disk-full", "{errors:?}");
    assert!(errors[0]["message"].as_str().unwrap().contains("no space is left"), "{errors:?}");
    assert!(errors[0]["help"].as_str().unwrap().starts_with("free "), "{errors:?}");
}

#[test]
fn a_full_disk_of_the_cache_is_reported() {
    let space = Space::holiday().without_models();
    fs::create_dir_all(space.cache()).unwrap();
    assert_disk_full(run_on_small_disk(&space.command(&DRAFT), &space.cache()));
    assert!(!space.path("movie.draft.mp4").exists());
}

#[test]
fn a_full_disk_of_the_movie_is_reported_for_every_container() {
    let space = Space::holiday().without_models();
    for name in ["movie.mp4", "movie.mov", "movie.webm"] {
        space.movie(&format!(
            "media: [photos/, clips/]\nmusic: song.wav\nduration: 6s\noutputs: {{out/{name}: {{}}}}\n"
        ));
        fs::create_dir_all(space.path("out")).unwrap();
        assert_disk_full(run_on_small_disk(&space.command(&DRAFT), &space.path("out")));
    }
}

#[test]
fn a_full_disk_of_the_project_keeps_the_old_movie_and_leaves_nothing() {
    let space = Space::holiday().without_models();
    space.run(&DRAFT).expect_success();
    let (lock, movie) = (space.lock(), digest(&space.path("movie.draft.mp4")));
    let before = ["clips", "filler", "movie.draft.mp4", "movie.lock", "movie.yaml", "photos", "song.wav"];
    space.movie("title: Another\nmedia: [photos/, clips/]\nmusic: song.wav\nduration: 8s\nrate: 30\n");
    for command in [&DRAFT[..], &["update", "--json"]] {
        let (ran, names) = run_on_full_disk(&space.command(command), &space.folder());
        assert_disk_full(ran);
        assert_eq!(names, before, "{command:?}");
    }
    assert_eq!((space.lock(), digest(&space.path("movie.draft.mp4"))), (lock, movie));
}

#[test]
fn a_poster_that_does_not_fit_is_reported() {
    let space = Space::with_photos(&["hill"]).without_models();
    space
        .movie("media: photos/\nduration: 2s\noutputs: {movie.mp4: {poster: out/poster.png, codec: h264}}\n");
    fs::create_dir_all(space.path("out")).unwrap();
    assert_disk_full(run_on_small_disk(&space.command(&["build", "--json"]), &space.path("out")));
}

#[test]
fn every_other_file_that_does_not_fit_is_reported_and_leaves_nothing() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.clicks("song.wav", 120.0, 4.0);
    let commands: [&[&str]; 5] = [
        &["init", "."],
        &["beats", "song.wav", "--list", "song.beats"],
        &["beats", "song.wav", "--click", "click.wav"],
        &["analyze", "song.wav", "--svg", "song.svg"],
        &["analyze", "song.wav", "--png", "song.png"],
    ];
    for command in commands {
        let command: Vec<&str> = command.iter().copied().chain(["--json"]).collect();
        let (ran, names) = run_on_full_disk(&space.command(&command), &space.folder());
        assert_disk_full(ran);
        assert_eq!(names, ["filler", "photos", "song.wav"], "{command:?}");
    }
}

#[test]
fn reports_pages_and_traces_that_do_not_fit_are_reported() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.movie("media: photos/\nduration: 2s\n");
    space.draft();
    fs::copy(space.path("movie.lock"), space.path("before.lock")).unwrap();
    let trace = ["check", "--trace", "/dev/full", "--json"];
    let page = ["diff", "before.lock", "movie.lock", "--html", "/dev/full", "--json"];
    let report = ["review", "movie.draft.mp4", "--junit", "/dev/full", "--json"];
    for command in [&trace[..], &page, &report] {
        assert_disk_full(space.run(command));
    }
    // A trace that doesn't fit leaves no part of it.
    let full = ["check", "--trace", "trace.json", "--json"];
    let (ran, names) = run_on_full_disk(&space.command(&full), &space.folder());
    assert_disk_full(ran);
    assert!(!names.iter().any(|name| name == "trace.json"), "{names:?}");
    // A report that can't be written keeps the old one.
    space.write("report.xml", "old");
    let full = ["review", "movie.draft.mp4", "--junit", "report.xml", "--json"];
    let (ran, names) = run_on_full_disk(&space.command(&full), &space.folder());
    assert_disk_full(ran);
    assert!(!names.iter().any(|name| name.contains("mmm-part")), "{names:?}");
}

#[test]
fn results_that_do_not_fit_behind_stdout_end_with_an_error() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.movie("media: photos/\nduration: 2s\n");
    for command in
        [&["schema"][..], &["export"], &["graph"], &["completions", "bash"], &["plan"], &["check", "--json"]]
    {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ran = Run::from(space.command(command).stdout(full).output().unwrap()).expect_exit(1);
        assert!(ran.stderr.contains("mmm::output::disk-full"), "{command:?}: {}", ran.stderr);
    }
    // Nobody reads what is written to stderr then, and that is no failure.
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ran = Run::from(space.command(&["build", "--profile", "draft", "-v"]).stderr(full).output().unwrap());
    ran.expect_success();
}
