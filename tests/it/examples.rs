//! Every example builds, and what it promises holds.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::space::{Space, frames, mean, probe, stream};

/// A copy of an example, so that nothing is written into the repository.
fn example(name: &str) -> Space {
    let space = Space::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    copy(&source, &source, &space);
    space
}

fn copy(root: &Path, folder: &Path, space: &Space) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if entry.path().is_dir() {
            copy(root, &entry.path(), space);
        } else if name.contains('/') || !(name.ends_with(".mp4") || name.ends_with(".lock")) {
            // What `make demo` left beside the spec stays there.
            fs::copy(entry.path(), space.path(&name)).unwrap();
        }
    }
}

fn build(space: &Space, name: &str) -> (Value, Vec<Vec<u8>>) {
    let ran = space.draft();
    assert_eq!(ran.codes(), Vec::<String>::new());
    let path = space.path(name);
    let frames = frames(&path, 32, 32);
    // It comes out of black over at most 0.4 s and goes back over at most one.
    let between = &frames[12..frames.len() - 30];
    assert!(between.iter().all(|frame| mean(frame) > 4.0), "a black frame");
    (probe(&path), frames)
}

#[test]
fn first_movie() {
    let space = example("first-movie");
    let (probe, frames) = build(&space, "movie.draft.mp4");
    // The clips have 24 pictures a second, most of them.
    let seconds = frames.len() as f64 / 24.0;
    assert!((35.0..=45.0).contains(&seconds), "{seconds} s");
    assert_eq!(stream(&probe, "audio")["duration_ts"], frames.len() * 2000);
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap();
    assert_eq!(shots[0]["source"], "clips/meadow.mp4");
    assert_eq!(shots[shots.len() - 1]["source"], "clips/towers.mov");
    assert!(shots.iter().any(|shot| shot["source"] == "photos/dogs.jpg"));
    // Of the two photos of one path, one.
    assert!(shots.iter().filter(|shot| shot["source"].as_str().unwrap().contains("path")).count() <= 1);
}

#[test]
fn trip() {
    let space = example("trip");
    let (probe, frames) = build(&space, "movie.draft.mp4");
    assert_eq!(frames.len(), 40 * 25);
    assert_eq!(probe["chapters"].as_array().unwrap().len(), 3);
    let plan = space.last_event(&["plan", "--json"]);
    let titles: Vec<&str> =
        plan["titles"].as_array().unwrap().iter().map(|title| title["text"].as_str().unwrap()).collect();
    for words in ["Three days in June", "Picos de Europa", "The neighbours"] {
        assert!(titles.contains(&words), "{titles:?}");
    }
    for shot in plan["shots"].as_array().unwrap() {
        let long = shot["length_s"].as_f64().unwrap();
        assert!((0.999..=5.001).contains(&long), "{shot}");
    }
}

#[test]
fn story() {
    let space = example("story");
    let (probe, frames) = build(&space, "story.draft.mp4");
    assert_eq!(frames.len(), 20 * 24);
    let picture = stream(&probe, "video");
    assert_eq!((&picture["width"], &picture["height"]), (&360.into(), &640.into()));
}
