//! Every example builds the movie that it promises.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::measure::{frames, mean, probe, stream};
use crate::space::Space;

/// Returns a space with a copy of an example, so that nothing is written into the repository.
fn copy_example(name: &str) -> Space {
    let space = Space::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    copy_folder(&source, &source, &space);
    space
}

fn copy_folder(root: &Path, folder: &Path, space: &Space) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if entry.path().is_dir() {
            copy_folder(root, &entry.path(), space);
        } else if name.contains('/') || !(name.ends_with(".mp4") || name.ends_with(".lock")) {
            // `make demo` may have left movies and locks beside the spec.
            fs::copy(entry.path(), space.path(&name)).unwrap();
        }
    }
}

/// Builds a draft, and returns what ffprobe reports of it and its frames.
fn build_example(space: &Space, name: &str) -> (Value, Vec<Vec<u8>>) {
    let ran = space.draft();
    assert_eq!(ran.codes(), Vec::<String>::new());
    let path = space.path(name);
    let frames = frames(&path, 32, 32);
    // The movie fades in over at most 0.4 s and out over at most 1 s.
    let between = &frames[12..frames.len() - 30];
    assert!(between.iter().all(|frame| mean(frame) > 4.0), "a black frame");
    (probe(&path), frames)
}

#[test]
fn the_example_first_movie_keeps_its_promises() {
    let space = copy_example("first-movie");
    let (probe, frames) = build_example(&space, "movie.draft.mp4");
    // Most of the clips have 24 fps.
    let seconds = frames.len() as f64 / 24.0;
    assert!((35.0..=45.0).contains(&seconds), "{seconds} s");
    assert_eq!(stream(&probe, "audio")["duration_ts"], frames.len() * 2000);
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap();
    assert_eq!(shots[0]["source"], "clips/meadow.mp4");
    assert_eq!(shots[shots.len() - 1]["source"], "clips/towers.mov");
    assert!(shots.iter().any(|shot| shot["source"] == "photos/dogs.jpg"));
    // Only one of the two photos of the path is shown.
    assert!(shots.iter().filter(|shot| shot["source"].as_str().unwrap().contains("path")).count() <= 1);
}

#[test]
fn the_example_trip_keeps_its_promises() {
    let space = copy_example("trip");
    let (probe, frames) = build_example(&space, "movie.draft.mp4");
    assert_eq!(frames.len(), 40 * 25);
    assert_eq!(probe["chapters"].as_array().unwrap().len(), 3);
    let plan = space.last_event(&["plan", "--json"]);
    let titles: Vec<&str> =
        plan["titles"].as_array().unwrap().iter().map(|title| title["text"].as_str().unwrap()).collect();
    for title in ["Three days in June", "Picos de Europa", "The neighbours"] {
        assert!(titles.contains(&title), "{titles:?}");
    }
    for shot in plan["shots"].as_array().unwrap() {
        let long = shot["length_s"].as_f64().unwrap();
        // On beats a shot may leave its range of 1 s to 5 s by a frame of 0.04 s.
        assert!((0.96..=5.04).contains(&long), "{shot}");
    }
}

#[test]
fn the_example_story_keeps_its_promises() {
    let space = copy_example("story");
    let (probe, frames) = build_example(&space, "story.draft.mp4");
    assert_eq!(frames.len(), 20 * 24);
    let picture = stream(&probe, "video");
    assert_eq!((&picture["width"], &picture["height"]), (&360.into(), &640.into()));
}
