//! Builds that are disturbed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::space::{Ran, Space};

const BUILD: [&str; 3] = ["build", "--profile", "draft"];

fn digest(path: &Path) -> String {
    blake3::hash(&fs::read(path).unwrap()).to_hex().to_string()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

#[test]
fn ctrl_c_stops_within_a_second_and_keeps_what_is_finished() {
    let space = Space::holiday();
    // The final profile, so that it is still at work when it is stopped.
    let child = space.command(&["build", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let records = space.cache().join("store-v1/records");
    let pieces = || {
        let files = if records.exists() { files(&records) } else { Vec::new() };
        files.iter().filter(|path| path.to_string_lossy().contains("/segment-v")).count()
    };
    let waiting = Instant::now();
    while pieces() == 0 {
        assert!(waiting.elapsed() < Duration::from_secs(120), "no piece was made");
        sleep(Duration::from_millis(20));
    }
    let start = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap()).ended(130);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(ran.codes().contains(&"mmm::cli::interrupted".to_owned()));
    assert!(!space.path("movie.mp4").exists());
    assert!(!files(&space.folder()).iter().any(|path| path.to_string_lossy().contains("mmm-part")));
    let kept = pieces();
    let again = space.run(&["build", "--json"]).good();
    let cached = again.events().iter().filter(|e| e["kind"] == "segment" && e["state"] == "cached").count();
    assert!(cached >= kept, "{cached} of {kept} pieces were kept");
}

#[test]
fn a_killed_build_leaves_nothing_wrong() {
    let whole = Space::holiday();
    whole.run(&BUILD).good();
    let wanted = digest(&whole.path("movie.draft.mp4"));
    // Fifty moments, spread over all that a build does: each kill comes a little later, and after
    // each tenth one a build is let through and all is taken away again.
    let mut space = Space::holiday();
    for kill in 0..50u64 {
        let mut child = space.command(&BUILD).spawn().unwrap();
        sleep(Duration::from_millis(15 + (kill * 37) % 700));
        child.kill().ok();
        child.wait().unwrap();
        if kill % 10 == 9 {
            space.run(&BUILD).good();
            assert_eq!(digest(&space.path("movie.draft.mp4")), wanted, "after {} kills", kill + 1);
            let verified = space.run(&["cache", "verify", "--json"]).good().events().pop().unwrap();
            assert_eq!(verified["damaged"], serde_json::json!([]));
            if kill < 49 {
                space = Space::holiday();
            }
        }
    }
    assert!(!files(&space.folder()).iter().any(|path| path.to_string_lossy().contains("mmm-part")));
}

#[test]
fn a_damaged_cache_heals() {
    let space = Space::holiday();
    space.run(&BUILD).good();
    let wanted = digest(&space.path("movie.draft.mp4"));
    for (index, path) in files(&space.cache().join("store-v1")).iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        if bytes.is_empty() || index % 2 == 0 {
            continue;
        }
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::File::create(path).unwrap().write_all(&bytes).unwrap();
    }
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    space.run(&BUILD).good();
    assert_eq!(digest(&space.path("movie.draft.mp4")), wanted);
}

#[test]
fn two_builds_at_once_on_one_cache() {
    let space = Space::holiday();
    let children: Vec<_> = (0..3).map(|_| space.command(&BUILD).spawn().unwrap()).collect();
    for child in children {
        Ran::from(child.wait_with_output().unwrap()).good();
    }
    assert_eq!(space.draft().finished()["actions"]["run"], 0);
}

#[test]
fn a_failed_build_leaves_the_old_movie() {
    let space = Space::holiday();
    space.run(&BUILD).good();
    let old = digest(&space.path("movie.draft.mp4"));
    space.write("song.wav", b"not a song");
    space.run(&BUILD).ended(3);
    assert_eq!(digest(&space.path("movie.draft.mp4")), old);
}

#[test]
fn a_file_of_the_user_s_is_never_written_over() {
    let space = Space::holiday();
    space.take("clips/rabbit.mp4", "movie.draft.mp4");
    let own = digest(&space.path("movie.draft.mp4"));
    let ran = space.run(&["build", "--profile", "draft", "--json"]).ended(1);
    assert_eq!(ran.codes(), ["mmm::output::not-ours"]);
    assert_eq!(digest(&space.path("movie.draft.mp4")), own);
    space.run(&["init"]).ended(1);
    assert!(fs::read_to_string(space.path("movie.yaml")).unwrap().starts_with("media:"));
}

#[test]
fn a_photo_changed_at_the_same_size_within_a_second_is_seen() {
    let space = Space::new();
    space.take("photos/hill.jpg", "a.jpg").movie("media: a.jpg\nduration: 2s\n");
    space.run(&BUILD).good();
    let before = digest(&space.path("movie.draft.mp4"));
    let old = fs::metadata(space.path("a.jpg")).unwrap();
    // Padding after the end of a JPEG is no part of it.
    let mut other = fs::read(crate::space::fixture("photos/fig.jpg")).unwrap();
    other.resize(old.len() as usize, 0);
    space.write("a.jpg", other);
    let file = fs::File::options().append(true).open(space.path("a.jpg")).unwrap();
    file.set_modified(old.modified().unwrap()).unwrap();
    space.run(&BUILD).good();
    assert_ne!(digest(&space.path("movie.draft.mp4")), before);
}

#[test]
fn a_full_disk_is_named() {
    let space = Space::holiday();
    let small = space.cache();
    fs::create_dir_all(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=200k", "tmpfs"])
        .arg(&small)
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        eprintln!("skipped: this user may not mount a small disk");
        return;
    }
    let ran = space.run(&["build", "--profile", "draft", "--json"]);
    Command::new("umount").arg(&small).status().unwrap();
    assert_eq!(ran.ended(1).codes(), ["mmm::output::disk-full"]);
    assert!(!space.path("movie.draft.mp4").exists());
}

#[test]
fn what_a_movie_needs_outlives_a_cache_that_is_too_small() {
    let space = Space::holiday();
    let first = space.draft().finished();
    // Another movie fills the cache; then all but the first one's goes.
    space.write("other/movie.yaml", "media: a.jpg\nduration: 3s\n");
    space.take("photos/fig.jpg", "other/a.jpg");
    space.run(&["build", "other/movie.yaml", "--profile", "draft"]).good();
    let removed = space.run(&["cache", "gc", "--limit", "0", "--keep", "movie.yaml", "--json"]).good();
    assert!(removed.events().pop().unwrap()["entries"].as_u64().unwrap() > 0);
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again = space.draft();
    assert_eq!(again.actions(), [].into(), "all that the movie needs is there");
    assert_eq!(again.finished()["outputs"], first["outputs"]);
    // A build over its limit keeps its own, too.
    let mut limited = space.command(&["build", "--profile", "draft", "--json"]);
    space.movie("media: [photos/, clips/]\nmusic: song.wav\nduration: 9s\n");
    Ran::from(limited.env("MMM_CACHE_LIMIT", "1MB").output().unwrap()).good();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    assert_eq!(space.draft().actions(), [].into());
}

#[test]
fn what_is_made_again_is_what_the_cache_has() {
    let space = Space::holiday();
    space.run(&["build"]).good();
    let verified = space.run(&["verify", "--sample", "8", "--json"]).good().events().pop().unwrap();
    assert!(verified["done"].as_u64().unwrap() >= 6, "{verified}");
    assert_eq!(verified["differ"], serde_json::json!([]));
    let whole = space.run(&["cache", "verify", "--json"]).good().events().pop().unwrap();
    assert_eq!(whole["damaged"], serde_json::json!([]));
    // A flipped byte is found, and what was lost is made again, with a word.
    let blobs = files(&space.cache().join("store-v1/blobs"));
    let mut bytes = fs::read(&blobs[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&blobs[0], bytes).unwrap();
    fs::remove_file(space.path("movie.mp4")).unwrap();
    let healed = space.run(&["build", "--json"]).good();
    assert_eq!(healed.codes(), ["mmm::cache::healed"]);
    assert_eq!(healed.actions().values().sum::<usize>(), 1);
    let mut bytes = fs::read(&blobs[1]).unwrap();
    bytes[0] ^= 1;
    fs::write(&blobs[1], bytes).unwrap();
    let found = space.run(&["cache", "verify", "--json"]).good().events().pop().unwrap();
    assert_eq!(found["damaged"].as_array().unwrap().len(), 1);
}
