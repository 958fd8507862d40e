//! Builds that are disturbed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::space::{Run, Space};
use crate::tools::{interrupt, is_root, tool};

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
    interrupt(&child);
    let ran = Run::from(child.wait_with_output().unwrap()).expect_exit(130);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(ran.codes().contains(&"mmm::cli::interrupted".to_owned()));
    assert!(!space.path("movie.mp4").exists());
    assert!(!files(&space.folder()).iter().any(|path| path.to_string_lossy().contains("mmm-part")));
    let kept = pieces();
    let again = space.run(&["build", "--json"]).expect_success();
    let cached = again.events().iter().filter(|e| e["kind"] == "segment" && e["state"] == "cached").count();
    assert!(cached >= kept, "{cached} of {kept} pieces were kept");
}

#[test]
fn a_killed_build_leaves_nothing_wrong() {
    let whole = Space::holiday();
    whole.run(&BUILD).expect_success();
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
            space.run(&BUILD).expect_success();
            assert_eq!(digest(&space.path("movie.draft.mp4")), wanted, "after {} kills", kill + 1);
            let verified = space.last_event(&["cache", "verify", "--json"]);
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
    space.run(&BUILD).expect_success();
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
    space.run(&BUILD).expect_success();
    assert_eq!(digest(&space.path("movie.draft.mp4")), wanted);
}

#[test]
fn two_builds_at_once_on_one_cache() {
    let space = Space::holiday();
    let children: Vec<_> = (0..3).map(|_| space.command(&BUILD).spawn().unwrap()).collect();
    for child in children {
        Run::from(child.wait_with_output().unwrap()).expect_success();
    }
    assert_eq!(space.draft().finished_event()["actions"]["run"], 0);
}

#[test]
fn a_failed_build_leaves_the_old_movie() {
    let space = Space::holiday();
    space.run(&BUILD).expect_success();
    let old = digest(&space.path("movie.draft.mp4"));
    space.write("song.wav", b"not a song");
    space.run(&BUILD).expect_exit(3);
    assert_eq!(digest(&space.path("movie.draft.mp4")), old);
}

#[test]
fn a_file_of_the_user_s_is_never_written_over() {
    let space = Space::holiday();
    space.take("clips/rabbit.mp4", "movie.draft.mp4");
    let own = digest(&space.path("movie.draft.mp4"));
    let ran = space.run(&["build", "--profile", "draft", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::output::not-ours"]);
    assert_eq!(digest(&space.path("movie.draft.mp4")), own);
    space.run(&["init"]).expect_exit(1);
    assert!(fs::read_to_string(space.path("movie.yaml")).unwrap().starts_with("media:"));
}

#[test]
fn a_photo_changed_at_the_same_size_within_a_second_is_seen() {
    let space = Space::new();
    space.take("photos/hill.jpg", "a.jpg").movie("media: a.jpg\nduration: 2s\n");
    space.run(&BUILD).expect_success();
    let before = digest(&space.path("movie.draft.mp4"));
    let old = fs::metadata(space.path("a.jpg")).unwrap();
    // Padding after the end of a JPEG is no part of it.
    let mut other = fs::read(crate::space::fixture("photos/fig.jpg")).unwrap();
    other.resize(old.len() as usize, 0);
    space.write("a.jpg", other);
    let file = fs::File::options().append(true).open(space.path("a.jpg")).unwrap();
    file.set_modified(old.modified().unwrap()).unwrap();
    space.run(&BUILD).expect_success();
    assert_ne!(digest(&space.path("movie.draft.mp4")), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let space = Space::holiday();
    fs::create_dir_all(space.cache()).unwrap();
    let build = space.command(&["build", "--profile", "draft", "--json"]);
    let ran = crate::tools::run_on_small_disk(&build, &space.cache());
    assert_eq!(ran.expect_exit(1).codes(), ["mmm::output::disk-full"]);
    assert!(!space.path("movie.draft.mp4").exists());
}

#[test]
fn what_a_movie_needs_outlives_a_cache_that_is_too_small() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    // Another movie fills the cache; then all but the first one's goes.
    space.write("other/movie.yaml", "media: a.jpg\nduration: 3s\n");
    space.take("photos/fig.jpg", "other/a.jpg");
    space.run(&["build", "other/movie.yaml", "--profile", "draft"]).expect_success();
    let removed =
        space.run(&["cache", "gc", "--limit", "0", "--keep", "movie.yaml", "--json"]).expect_success();
    assert!(removed.events().pop().unwrap()["entries"].as_u64().unwrap() > 0);
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again = space.draft();
    assert_eq!(again.actions(), [].into(), "all that the movie needs is there");
    assert_eq!(again.finished_event()["outputs"], first["outputs"]);
    // A build over its limit keeps its own, too.
    let mut limited = space.command(&["build", "--profile", "draft", "--json"]);
    space.movie("media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 9s\n");
    Run::from(limited.env("MMM_CACHE_LIMIT", "1MB").output().unwrap()).expect_success();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    assert_eq!(space.draft().actions(), [].into());
}

#[test]
fn what_is_made_again_is_what_the_cache_has() {
    let space = Space::holiday();
    space.run(&["build"]).expect_success();
    let verified = space.last_event(&["verify", "--sample", "8", "--json"]);
    assert!(verified["done"].as_u64().unwrap() >= 6, "{verified}");
    assert_eq!(verified["differ"], serde_json::json!([]));
    let whole = space.last_event(&["cache", "verify", "--json"]);
    assert_eq!(whole["damaged"], serde_json::json!([]));
    // A flipped byte is found, and what was lost is made again, with a word.
    let blobs = files(&space.cache().join("store-v1/blobs"));
    let mut bytes = fs::read(&blobs[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&blobs[0], bytes).unwrap();
    fs::remove_file(space.path("movie.mp4")).unwrap();
    let healed = space.run(&["build", "--json"]).expect_success();
    assert_eq!(healed.codes(), ["mmm::cache::healed"]);
    assert_eq!(healed.actions().values().sum::<usize>(), 1);
    let mut bytes = fs::read(&blobs[1]).unwrap();
    bytes[0] ^= 1;
    fs::write(&blobs[1], bytes).unwrap();
    let found = space.last_event(&["cache", "verify", "--json"]);
    assert_eq!(found["damaged"].as_array().unwrap().len(), 1);
}

/// The tool, run by someone whom rights hold back, which they do not for root.
struct Nobody {
    space: Space,
    program: PathBuf,
}

impl Nobody {
    fn new(space: Space) -> Self {
        let root = space.folder().parent().unwrap().to_owned();
        let program = root.join("mmm");
        fs::copy(env!("CARGO_BIN_EXE_mmm"), &program).unwrap();
        fs::create_dir_all(space.cache()).unwrap();
        if is_root() {
            let owned = tool("chown").args(["-R", "65534:65534"]).arg(&root).status().unwrap();
            assert!(owned.success(), "chown: {owned}");
        }
        Self { space, program }
    }

    fn run(&self, args: &[&str]) -> Run {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(self.space.folder()).stdin(std::process::Stdio::null());
        command.env("MMM_CACHE_DIR", self.space.cache()).env("HOME", self.space.folder());
        if is_root() {
            command.uid(65534).gid(65534);
        }
        command.output().map(Run::from).unwrap()
    }

    fn rights(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
}

#[test]
fn rights_that_are_taken_away_are_named_and_nothing_is_lost() {
    let nobody = Nobody::new(Space::holiday());
    let build = ["build", "--profile", "draft", "--json"];
    let first = nobody.run(&build).expect_success().finished_event();
    let (photo, movie) = (nobody.space.path("photos/bee.jpg"), nobody.space.path("movie.draft.mp4"));

    // A photo of many: the movie goes on without it, and says so.
    nobody.rights(&photo, 0o000);
    let ran = nobody.run(&build).expect_success();
    assert_eq!(ran.codes(), ["mmm::media::unreadable"], "{}", ran.stdout);
    assert_ne!(ran.finished_event()["outputs"][0]["digest"], first["outputs"][0]["digest"]);
    nobody.rights(&photo, 0o644);

    // The song, the lock and the spec: no movie without them, and the old one stays.
    let old = digest(&movie);
    for name in ["song.wav", "movie.lock", "movie.yaml"] {
        let path = nobody.space.path(name);
        nobody.rights(&path, 0o000);
        let ran = nobody.run(&build).expect_exit(3);
        assert!(ran.stdout.contains("you may not read or write it"), "{name}: {}", ran.stdout);
        nobody.rights(&path, 0o644);
    }
    // A cache that can't be written, and a folder that can't.
    nobody.rights(&nobody.space.cache().join("store-v1/tmp"), 0o500);
    nobody.space.movie("title: Other\nmedia: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 10s\n");
    assert_eq!(nobody.run(&build).expect_exit(1).codes(), ["mmm::cache::unwritable"]);
    nobody.rights(&nobody.space.cache().join("store-v1/tmp"), 0o700);
    nobody.rights(&nobody.space.folder(), 0o500);
    assert_eq!(nobody.run(&build).expect_exit(1).codes(), ["mmm::output::unwritable"]);
    nobody.rights(&nobody.space.folder(), 0o755);
    assert_eq!(digest(&movie), old);
    nobody.run(&build).expect_success();
    assert_ne!(digest(&movie), old);
}

const SHORT: &str = "media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 5s\n";

#[test]
fn media_that_go_while_they_are_used_never_give_a_stale_movie() {
    use std::io::{BufRead, BufReader};
    for (gone, replaced) in
        [("photos/path.jpg", false), ("clips/rabbit.mp4", false), ("photos/hill.jpg", true)]
    {
        let space = Space::holiday();
        space.movie(SHORT);
        let mut command = space.command(&["build", "--profile", "draft", "--json", "--jobs", "1"]);
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.find(|line| line.contains("\"rendering\"")).expect("it renders");
        if replaced {
            space.take("photos/fig.jpg", gone);
        } else {
            fs::remove_file(space.path(gone)).unwrap();
        }
        lines.for_each(drop);
        let code = child.wait().unwrap().code().unwrap();
        // Either its piece was made before it went, or the build says that it went.
        assert!(code == 0 || code == 1, "{gone}: {code}");
        let ran = space.draft();
        let clean = Space::holiday();
        clean.movie(SHORT);
        if replaced {
            clean.take("photos/fig.jpg", gone);
        } else {
            fs::remove_file(clean.path(gone)).unwrap();
        }
        fs::copy(space.path("movie.lock"), clean.path("movie.lock")).unwrap();
        assert_eq!(
            ran.finished_event()["outputs"][0]["digest"],
            clean.draft().finished_event()["outputs"][0]["digest"],
            "{gone}"
        );
    }
}

#[test]
fn a_clock_that_was_set_back_fools_nobody() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    // All that was made and read so far is from tomorrow.
    let tomorrow = std::time::SystemTime::now() + Duration::from_secs(86_400);
    for path in files(&space.folder()).into_iter().chain(files(&space.cache())) {
        fs::File::options().append(true).open(path).unwrap().set_modified(tomorrow).unwrap();
    }
    let again = space.draft().finished_event();
    assert_eq!((&again["outputs"], &again["actions"]["run"]), (&first["outputs"], &serde_json::json!(0)));
    // What is changed now is older than all of it, and is seen.
    space.take("photos/fig.jpg", "photos/bee.jpg");
    let changed = space.draft();
    assert!(changed.actions().contains_key("photo-facts"), "{:?}", changed.actions());
    assert_ne!(changed.finished_event()["outputs"], first["outputs"]);
    space.run(&["cache", "gc", "--limit", "1MB", "--json"]).expect_success();
    space.run(&["cache", "stats", "--json"]).expect_success();
    space.draft();
}
