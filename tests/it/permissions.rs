//! Files that mmm may not read, write or replace.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::measure::digest;
use crate::space::{Run, Space};
use crate::tools::{is_root, tool};

#[test]
fn a_foreign_file_is_not_replaced() {
    let space = Space::holiday();
    space.take("clips/rabbit.mp4", "movie.draft.mp4");
    let foreign = digest(&space.path("movie.draft.mp4"));
    let ran = space.run(&["build", "--profile", "draft", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::output::not-ours"]);
    assert_eq!(digest(&space.path("movie.draft.mp4")), foreign);
    space.run(&["init"]).expect_exit(1);
    assert!(fs::read_to_string(space.path("movie.yaml")).unwrap().starts_with("media:"));
}

#[test]
fn a_folder_that_cannot_be_created_is_reported() {
    let space = Space::holiday();
    // Root may write anywhere except below a file.
    space
        .write("blocked", "a file")
        .movie("media: photos/\nduration: 2s\noutputs: {blocked/movie.mp4: {}}\n");
    let ran = space.run(&["build", "--profile", "draft", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::output::unwritable"]);
    let ran = space.run(&["build", "--cache-dir", "blocked/cache", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::cache::unwritable"]);
}

/// The user and the group `nobody`.
const NOBODY: u32 = 65534;

/// A space that runs mmm without the privileges of root, because permissions don't stop root.
struct Unprivileged {
    space: Space,
    /// A copy of mmm that everybody can reach.
    program: PathBuf,
}

impl Unprivileged {
    fn new(space: Space) -> Self {
        let root = space.folder().parent().unwrap().to_owned();
        let program = root.join("mmm");
        fs::copy(env!("CARGO_BIN_EXE_mmm"), &program).unwrap();
        fs::create_dir_all(space.cache()).unwrap();
        if is_root() {
            let owner = format!("{NOBODY}:{NOBODY}");
            let status = tool("chown").args(["-R", &owner]).arg(&root).status().unwrap();
            assert!(status.success(), "chown: {status}");
        }
        Self { space, program }
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(self.space.folder()).stdin(Stdio::null());
        command.env("MMM_CACHE_DIR", self.space.cache()).env("HOME", self.space.folder());
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().map(Run::from).unwrap()
    }

    fn set_mode(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
}

const BUILD: [&str; 4] = ["build", "--profile", "draft", "--json"];

#[test]
fn an_unreadable_photo_is_reported_and_left_out() {
    let user = Unprivileged::new(Space::holiday());
    let first = user.run(&BUILD).expect_success().finished_event();
    let photo = user.space.path("photos/bee.jpg");
    user.set_mode(&photo, 0o000);
    let ran = user.run(&BUILD).expect_success();
    assert_eq!(ran.codes(), ["mmm::media::unreadable"], "{}", ran.stdout);
    assert_ne!(ran.finished_event()["outputs"][0]["digest"], first["outputs"][0]["digest"]);
}

#[test]
fn a_folder_that_can_not_be_read_is_named() {
    let space = Space::holiday();
    space.take("photos/fig.jpg", "photos/private/deep/fig.jpg").take("photos/fig.jpg", "alone/fig.jpg");
    let user = Unprivileged::new(space);
    let code = "mmm::media::folder-denied";
    // The photos are of different years, which has a warning of its own.
    let codes = |ran: &Run| -> Vec<String> {
        ran.codes().into_iter().filter(|code| code != "mmm::media::odd-time").collect()
    };
    let check = |media: &str| {
        user.space.movie(&format!("media: {media}\nduration: 4s\n"));
        user.run(&["check", "--json"])
    };
    for (folder, mode) in
        [("photos/private", 0o000), ("photos/private", 0o300), ("photos/private/deep", 0o000)]
    {
        let path = user.space.path(folder);
        user.set_mode(&path, mode);
        for media in ["[photos/]", "[./]", "['photos/**/*.jpg']", "[clips/, photos/]"] {
            let ran = check(media).expect_success();
            assert_eq!(codes(&ran), [code], "{media}");
            let found = ran.diagnostic(code);
            let message = format!("the folder `{folder}` can't be read: permission denied");
            assert_eq!((&found["severity"], &found["message"]), (&"warning".into(), &message.into()));
            assert_eq!(found["labels"][0]["line"], 1, "{found}");
        }
        // A folder that is excluded may be denied.
        for exclusion in ["!photos/private/", "!photos/private/**", "!**/private/**"] {
            let ran = check(&format!("[photos/, \"{exclusion}\"]")).expect_success();
            assert_eq!(codes(&ran), [""; 0], "{exclusion}");
        }
        let ran = check("[clips/, photos/private/deep/]");
        // Whoever may search a folder but not list it can still name what is in it.
        let denied = if mode == 0 { vec![code.to_owned()] } else { Vec::new() };
        assert_eq!(codes(&ran), denied, "{}", ran.stdout);
        assert_eq!(ran.code, if mode == 0 { 3 } else { 0 });
        let ran = user.run(&["init", "photos", "--json"]).expect_success();
        assert_eq!(ran.codes(), [code]);
        fs::remove_file(user.space.path("photos/movie.yaml")).unwrap();
        user.set_mode(&path, 0o755);
    }
    // A folder whose files may be listed but not looked at.
    let alone = user.space.path("alone");
    user.set_mode(&alone, 0o400);
    let ran = check("[photos/, alone/]").expect_success();
    assert_eq!(codes(&ran), ["mmm::media::unreadable"], "{}", ran.stdout);
    assert_eq!(check("[photos/, alone/fig.jpg]").code, 3);
    // A glob in a denied folder is reported once.
    user.set_mode(&alone, 0o000);
    let ran = check("[photos/, 'alone/*.jpg']").expect_success();
    assert_eq!(codes(&ran), [code], "{}", ran.stdout);
    user.set_mode(&alone, 0o755);
}

#[test]
fn an_unreadable_song_lock_or_spec_fails_the_build_and_keeps_the_old_movie() {
    let user = Unprivileged::new(Space::holiday());
    user.run(&BUILD).expect_success();
    let movie = user.space.path("movie.draft.mp4");
    let old = digest(&movie);
    for name in ["song.wav", "movie.lock", "movie.yaml"] {
        let path = user.space.path(name);
        user.set_mode(&path, 0o000);
        let ran = user.run(&BUILD).expect_exit(3);
        assert!(ran.stdout.contains("permission denied"), "{name}: {}", ran.stdout);
        assert!(!ran.stdout.contains("mmm init"), "{name}: {}", ran.stdout);
        user.set_mode(&path, 0o644);
    }
    assert_eq!(digest(&movie), old);
}

#[test]
fn an_unreadable_photo_is_reported_in_the_same_words_everywhere() {
    let user = Unprivileged::new(Space::holiday());
    let photo = fs::read_dir(user.space.path("photos")).unwrap().next().unwrap().unwrap().path();
    let name = format!("photos/{}", photo.file_name().unwrap().to_str().unwrap());
    user.set_mode(&photo, 0o000);
    let warning = user.run(&["check", "--json"]).diagnostic("mmm::media::unreadable");
    assert_eq!(warning["message"], format!("`{name}` is left out: permission denied"));
    assert_eq!(warning["help"], "make the file readable, or exclude it with a `!` rule");
    let analyzed = user.run(&["analyze", &name, "--json"]);
    assert!(analyzed.stdout.contains("permission denied"), "{}", analyzed.stdout);
    assert!(!analyzed.stdout.contains("cannot read"), "{}", analyzed.stdout);
}

#[test]
fn unreadable_settings_are_reported() {
    let user = Unprivileged::new(Space::holiday());
    let settings = user.space.path("mmm.toml");
    user.space.write("mmm.toml", "jobs = 1\n");
    user.set_mode(&settings, 0o000);
    let ran = user.run(&BUILD).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::config::bad"]);
    assert!(ran.stdout.contains("permission denied"), "{}", ran.stdout);
}

#[test]
fn an_unwritable_cache_or_folder_fails_the_build_and_keeps_the_old_movie() {
    let user = Unprivileged::new(Space::holiday());
    user.run(&BUILD).expect_success();
    let movie = user.space.path("movie.draft.mp4");
    let old = digest(&movie);
    user.space.movie("title: Other\nmedia: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 10s\n");
    for (folder, code) in [
        (user.space.cache().join("store-v1/tmp"), "mmm::cache::unwritable"),
        (user.space.folder(), "mmm::output::unwritable"),
    ] {
        user.set_mode(&folder, 0o500);
        assert_eq!(user.run(&BUILD).expect_exit(1).codes(), [code]);
        user.set_mode(&folder, 0o755);
    }
    assert_eq!(digest(&movie), old);
    user.run(&BUILD).expect_success();
    assert_ne!(digest(&movie), old);
}
