//! What the cache keeps, what it finds damaged, and what is built again.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::measure::digest;
use crate::space::{Run, Space, files_below};

/// Flips a bit of a file.
fn flip_bit(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_cache_is_repaired() {
    let space = Space::holiday().without_models();
    space.draft();
    let wanted = digest(&space.path("movie.draft.mp4"));
    let mut damaged = 0;
    for path in files_below(&space.cache().join("store-v1")).iter().skip(1).step_by(2) {
        let length = fs::metadata(path).unwrap().len() as usize;
        if length > 0 {
            flip_bit(path, length / 2);
            damaged += 1;
        }
    }
    assert!(damaged > 10, "{damaged} files were damaged");
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    space.draft();
    assert_eq!(digest(&space.path("movie.draft.mp4")), wanted);
}

#[test]
fn a_small_cache_keeps_what_the_movie_needs() {
    let space = Space::holiday().without_models();
    let first = space.draft().finished_event();
    // Another movie fills the cache; then everything is removed except what the first movie needs.
    space.write("other/movie.yaml", "media: a.jpg\nduration: 3s\n");
    space.take("photos/fig.jpg", "other/a.jpg");
    space.run(&["build", "other/movie.yaml", "--profile", "draft"]).expect_success();
    let removed = space.last_event(&["cache", "gc", "--limit", "0", "--keep", "movie.yaml", "--json"]);
    assert!(removed["entries"].as_u64().unwrap() > 0);
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again = space.draft();
    assert_eq!(again.actions(), [].into(), "all that the movie needs is there");
    assert_eq!(again.finished_event()["outputs"], first["outputs"]);
    // A build also keeps what it needs if that exceeds the limit.
    let mut limited = space.command(&["build", "--profile", "draft", "--json"]);
    space.movie("media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 9s\n");
    Run::from(limited.env("MMM_CACHE_LIMIT", "1MB").output().unwrap()).expect_success();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    assert_eq!(space.draft().actions(), [].into());
}

#[test]
fn verify_builds_the_same_bytes_again() {
    let space = Space::holiday().without_models();
    space.run(&["build"]).expect_success();
    let verified = space.last_event(&["verify", "--sample", "8", "--json"]);
    assert!(verified["done"].as_u64().unwrap() >= 6, "{verified}");
    assert_eq!(verified["differ"], json!([]));
    let whole = space.last_event(&["cache", "verify", "--json"]);
    assert_eq!(whole["damaged"], json!([]));
}

#[test]
fn a_flipped_bit_is_found_and_its_artifact_is_built_again() {
    let space = Space::holiday().without_models();
    space.run(&["build"]).expect_success();
    let blobs = files_below(&space.cache().join("store-v1/blobs"));
    flip_bit(&blobs[0], fs::metadata(&blobs[0]).unwrap().len() as usize / 2);
    fs::remove_file(space.path("movie.mp4")).unwrap();
    let repaired = space.run(&["build", "--json"]).expect_success();
    assert_eq!(repaired.codes(), ["mmm::cache::healed"]);
    assert_eq!(repaired.actions().values().sum::<usize>(), 1);
    flip_bit(&blobs[1], 0);
    let found = space.last_event(&["cache", "verify", "--json"]);
    assert_eq!(found["damaged"].as_array().unwrap().len(), 1);
}
