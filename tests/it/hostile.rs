//! Hostile projects that try to reach files outside of their folder: nothing outside is touched.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::space::{Run, Space};

const BUILD: [&str; 2] = ["build", "--json"];
const DRAFT: [&str; 4] = ["build", "--json", "--profile", "draft"];
/// Everything that a build of [`postcard`] writes beside the spec, and the draft.
const OUTPUTS: [&str; 4] = ["m.mp4", "m.draft.mp4", "m.jpg", "m.gif"];

/// Returns a movie of one photo with a poster and a preview, small enough to be built often.
fn postcard() -> Space {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie(
        "media: hill.jpg\nduration: 1s\nrate: 24\noutputs: {m.mp4: {poster: m.jpg, preview: m.gif}}\n",
    );
    space
}

/// Writes a file of the user beside the project.
fn precious(space: &Space) -> PathBuf {
    let path = space.folder().parent().unwrap().join("precious.txt");
    fs::write(&path, "precious").unwrap();
    path
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Returns the names in the project, in order.
fn names(space: &Space) -> Vec<String> {
    let entries = fs::read_dir(space.folder()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_unfinished_movie_is_written_through_no_link() {
    let space = postcard();
    let precious = precious(&space);
    space.run(&BUILD).expect_success();
    space.run(&DRAFT).expect_success();
    let usual = names(&space);
    // What exists under the name that part files had in the first version, and whether it must stay.
    type Trap = fn(&Path, &Path);
    let traps: [(&str, Trap, bool); 6] = [
        ("link", |trap, precious| symlink(precious, trap).unwrap(), true),
        ("dangling link", |trap, precious| symlink(precious.with_file_name("new.txt"), trap).unwrap(), true),
        ("hard link", |trap, precious| fs::hard_link(precious, trap).unwrap(), true),
        ("folder", |trap, _| fs::create_dir(trap).unwrap(), true),
        ("FIFO", |trap, _| fifo(trap), true),
        ("leftover", |trap, _| fs::write(trap, "killed").unwrap(), false),
    ];
    for (name, set, stays) in traps {
        let traps = OUTPUTS.map(|output| space.path(&format!(".{output}.mmm-part")));
        for (output, trap) in OUTPUTS.iter().zip(&traps) {
            fs::remove_file(space.path(output)).unwrap();
            set(trap, &precious);
        }
        space.run(&BUILD).expect_success();
        space.run(&DRAFT).expect_success();
        for (output, trap) in OUTPUTS.iter().zip(&traps) {
            let meta = fs::symlink_metadata(space.path(output)).unwrap();
            assert!(meta.is_file() && meta.nlink() == 1 && meta.len() > 1000, "{name}: {output}");
            assert_eq!(fs::symlink_metadata(trap).is_ok(), stays, "{name}: {output}");
            if trap.is_dir() {
                fs::remove_dir(trap).unwrap();
            } else if stays {
                fs::remove_file(trap).unwrap();
            }
        }
        assert_eq!(names(&space), usual, "{name}");
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious", "{name}");
        assert!(!precious.with_file_name("new.txt").exists(), "{name}");
    }
}

#[test]
fn foreign_files_are_never_replaced() {
    let space = postcard();
    let precious = precious(&space);
    space.run(&BUILD).expect_success();
    space.run(&DRAFT).expect_success();
    for (output, build) in OUTPUTS.iter().zip([&BUILD[..], &DRAFT, &BUILD, &BUILD]) {
        let path = space.path(output);
        // A link is foreign even if it leads to a movie that mmm wrote.
        let elsewhere = precious.with_file_name(output);
        fs::rename(&path, &elsewhere).unwrap();
        let made = fs::read(&elsewhere).unwrap();
        let refused = |what: &str| {
            let ran = space.run(build).expect_exit(1);
            assert_eq!(ran.codes(), ["mmm::output::not-ours"], "{output}");
            assert!(ran.stdout.contains(&format!("{output}` {what}")), "{}", ran.stdout);
        };
        for target in [&elsewhere, &precious, &precious.with_file_name("new.txt")] {
            symlink(target, &path).unwrap();
            refused("is a link");
            assert_eq!(&fs::read_link(&path).unwrap(), target);
            fs::remove_file(&path).unwrap();
        }
        fs::create_dir(&path).unwrap();
        refused("is a folder");
        fs::remove_dir(&path).unwrap();
        fifo(&path);
        refused("is not a file");
        fs::remove_file(&path).unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), made);
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
        assert!(!precious.with_file_name("new.txt").exists());
        // If the file has a second hard link elsewhere, the build replaces the name here and leaves the other
        // one unchanged.
        fs::hard_link(&elsewhere, &path).unwrap();
        space.run(build).expect_success();
        assert_eq!(fs::read(&elsewhere).unwrap(), made);
    }
}

#[test]
fn an_output_stays_in_the_folder_of_its_spec() {
    let space = postcard();
    let outside = space.folder().parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join(".movie.mp4.mmm-part"), "not ours").unwrap();
    symlink(&outside, space.path("out")).unwrap();
    for outputs in ["{out/m.mp4: {}}", "{out/new/m.mp4: {}}", "{m.mp4: {poster: out/m.jpg}}"] {
        space.movie(&format!("media: hill.jpg\nduration: 1s\noutputs: {outputs}\n"));
        let ran = space.run(&BUILD).expect_exit(1);
        assert_eq!(ran.codes(), ["mmm::spec::path-outside"], "{outputs}");
        assert!(ran.stdout.contains("the link `out` is not followed"), "{}", ran.stdout);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "{outputs}");
    }
    // A link to a folder inside the project works like the folder.
    fs::remove_file(space.path("out")).unwrap();
    fs::create_dir(space.path("films")).unwrap();
    symlink("films", space.path("out")).unwrap();
    space.movie("media: hill.jpg\nduration: 1s\noutputs: {out/m.mp4: {}}\n");
    space.run(&DRAFT).expect_success();
    assert!(space.path("films/m.draft.mp4").is_file());
}

#[test]
fn a_movie_has_the_permissions_of_any_new_file() {
    let space = postcard();
    space.run(&BUILD).expect_success();
    let mode = |name: &str| fs::metadata(space.path(name)).unwrap().permissions().mode();
    for output in ["m.mp4", "m.jpg", "m.gif"] {
        assert_eq!(mode(output), mode("movie.yaml"), "{output}");
    }
}

/// Creates a folder of the user beside the project, with files that look like those of a cache.
fn documents(space: &Space) -> PathBuf {
    let folder = space.folder().parent().unwrap().join("docs");
    let digest = "0a".repeat(32);
    for name in ["a.txt", "sub/b.txt", &digest, &format!("0a/{digest}"), ".tmpAb12Cd"] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "precious").unwrap();
    }
    folder
}

/// Counts the files below a folder without following links.
fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| if entry.file_type().unwrap().is_dir() { count(&entry.path()) } else { 1 }).sum()
}

#[test]
fn a_cache_that_came_with_the_project_removes_nothing_of_the_user_s() {
    let space = postcard();
    let documents = documents(&space);
    let store = space.path("cache/store-v1");
    let build = ["build", "--profile", "draft", "--json", "--cache-dir", "cache"];
    for link in ["records/x-v1", "blobs/zz", "tmp/.tmpAb12Cd", "stamps/sub"] {
        fs::create_dir_all(store.join(link).parent().unwrap()).unwrap();
        symlink(&documents, store.join(link)).unwrap();
    }
    let mut limited = space.command(&build);
    assert!(limited.env("MMM_CACHE_LIMIT", "0").status().unwrap().success());
    for command in ["verify", "stats", "clean"] {
        space.run(&["cache", command, "--cache-dir", "cache"]).expect_success();
    }
    space.run(&["cache", "gc", "--limit", "0", "--cache-dir", "cache"]).expect_success();
    assert_eq!(count(&documents), 5);
    // It is an error if a link replaces a folder that is written to or one of the store's own folders.
    space.run(&build).expect_success();
    fs::remove_file(space.path("m.draft.mp4")).unwrap();
    let records = fs::read_dir(store.join("records")).unwrap().flatten().map(|entry| entry.path());
    let segments =
        records.map(|path| path.to_str().unwrap().to_owned()).find(|path| path.contains("/segment-v"));
    let (segments, aside) = (PathBuf::from(segments.unwrap()), store.join("aside"));
    let own = ["blobs", "records", "stamps", "tmp"].map(|name| store.join(name));
    for folder in own.iter().chain([&segments]) {
        fs::rename(folder, &aside).unwrap();
        symlink(&documents, folder).unwrap();
        assert_eq!(
            space.run(&build).expect_exit(1).codes(),
            ["mmm::cache::unwritable"],
            "{}",
            folder.display()
        );
        let ran = space.run(&["cache", "clean", "--json", "--cache-dir", "cache"]);
        assert_eq!(ran.code, i32::from(*folder != segments), "{}", folder.display());
        fs::remove_file(folder).unwrap();
        fs::rename(&aside, folder).unwrap();
    }
    assert_eq!(count(&documents), 5);
}

#[test]
fn a_project_can_not_choose_the_cache() {
    let space = postcard();
    for (line, help) in [("cache-dir = \"cache\"", "--cache-dir"), ("cache-limit = \"0\"", "MMM_CACHE_LIMIT")]
    {
        space.write("mmm.toml", format!("jobs = 1\n{line}\n"));
        for args in [&DRAFT[..], &["check", "--json"], &["cache", "clean", "--json"]] {
            let ran = space.run(args).expect_exit(1);
            assert_eq!(ran.codes(), ["mmm::config::bad"], "{line}");
            let event = ran.events().pop().unwrap();
            assert!(event["message"].as_str().unwrap().contains(line.split(' ').next().unwrap()), "{event}");
            assert!(event["help"].as_str().unwrap().contains(help), "{event}");
        }
        assert!(!space.folder().join("cache").exists());
    }
    space.write("mmm.toml", "jobs = 60000\n");
    space.run(&DRAFT).expect_success();
    // The user's own file may set it, even if it is also the one beside the spec.
    let own = space.folder().parent().unwrap().join(".config/mmm");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("mmm.toml"), "cache-limit = \"1MB\"\n").unwrap();
    fs::copy(space.path("hill.jpg"), own.join("hill.jpg")).unwrap();
    fs::write(own.join("movie.yaml"), "media: hill.jpg\n").unwrap();
    for folder in [space.folder(), own.clone()] {
        let stats = space.command(&["cache", "stats", "--json"]).current_dir(&folder).output().unwrap();
        assert!(String::from_utf8_lossy(&stats.stdout).contains("\"limit_bytes\":1000000"), "{stats:?}");
    }
    assert!(space.command(&["check"]).current_dir(&own).status().unwrap().success());
}

#[test]
fn settings_that_can_not_be_read_are_reported() {
    let space = postcard();
    let path = space.path("mmm.toml");
    let reported = |reason: &str| {
        let ran = space.run(&["check", "--json"]).expect_exit(1);
        assert_eq!(ran.codes(), ["mmm::config::bad"], "{reason}");
        assert!(
            ran.stdout.contains("mmm.toml` can't be read") && ran.stdout.contains(reason),
            "{}",
            ran.stdout
        );
    };
    fs::write(&path, b"jobs = 1 # caf\xe9\n").unwrap();
    reported("UTF-8");
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    reported("longer than 1 MiB");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    reported("it is a folder");
    fs::remove_dir(&path).unwrap();
    fifo(&path);
    reported("it is not a file");
    fs::remove_file(&path).unwrap();
    symlink("/dev/zero", &path).unwrap();
    reported("it is not a file");
    fs::remove_file(&path).unwrap();
    symlink("nowhere", &path).unwrap();
    reported("a link to a file that does not exist");
    fs::remove_file(&path).unwrap();
    space.run(&["check"]).expect_success();
}

/// Runs `mmm check` with at most `megabytes` of memory of its own.
fn check_within(space: &Space, megabytes: usize) -> Run {
    let check = space.command(&["check", "--json"]);
    let mut shell = Command::new("sh");
    // Limits allocated writable memory, not mapped libraries.
    shell.args(["-c", &format!("ulimit -d {} && exec \"$0\" \"$@\"", megabytes << 10)]);
    shell.arg(check.get_program()).args(check.get_args()).current_dir(space.folder());
    for (name, value) in check.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Run::from(shell.output().unwrap())
}

/// Repeats `value`, separated by commas.
fn repeated(value: &str, times: usize) -> String {
    vec![value; times].join(",")
}

#[test]
fn a_small_spec_takes_little_memory_and_time_whatever_is_in_it() {
    let long = "A".repeat(500_000);
    let title = format!("&t {{text: \"{}\", at: 1s, for: 2s}},{}", "A".repeat(200), repeated("*t", 999));
    let outputs: String = (0..1000).map(|n| format!("  m{n}.mp4: {{}}\n")).collect();
    let specs = [
        (format!("x: &b \"{long}\"\nmedia: [{}]\n", repeated("*b", 4000)), "mmm::spec::too-large"),
        (format!("x: &b \"{long}\"\nmedia: [{}]\n", repeated("*b", 90_000)), "mmm::spec::too-large"),
        (format!("media: a\nstyle: {{titles: [{title}]}}\noutputs:\n{outputs}"), "mmm::spec::too-large"),
        // As many mistakes as possible, on one line and on many.
        (format!("media: [x]\ntitle: [{}]\n", repeated("1", 90_000)), "mmm::spec::wrong-type"),
        (
            format!("x: &b \"../{}\"\nmedia: [{}]\n", "A".repeat(30), repeated("*b", 9_990)),
            "mmm::spec::path-outside",
        ),
        (format!("media: a\nstyle: {{{}}}\n", repeated("a: 1", 45_000)), "mmm::spec::unknown-key"),
        ("k: 1\n".repeat(49_000), "mmm::spec::unknown-key"),
        (format!("media: [{}]\n", repeated("!a b", 90_000)), "mmm::spec::yaml-tag"),
    ];
    let space = Space::new();
    space.movie("media: []\n");
    assert_eq!(check_within(&space, 100).expect_exit(3).codes(), ["mmm::spec::empty-media"]);
    for (spec, code) in specs {
        let start: String = spec.chars().take(40).collect();
        assert!(spec.len() < 1 << 20, "{start}: {}", spec.len());
        space.movie(&spec);
        let began = Instant::now();
        let ran = check_within(&space, 100);
        let took = began.elapsed();
        assert!(ran.code == 3, "{start}: {} {}", ran.code, ran.stderr);
        assert!(ran.codes().iter().any(|found| found == code), "{start}: {:?}", ran.codes());
        // The limit for a release build on an idle machine is one second. A development build does not
        // optimise the parser, and test machines may be busy.
        assert!(took < Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 5 }), "{start}: {took:?}");
        assert!(ran.stdout.len() < 1 << 20, "{start}: {}", ran.stdout.len());
    }
}

#[test]
fn a_run_that_waits_for_ever_ends_at_a_signal() {
    let space = Space::new();
    fs::create_dir_all(space.folder()).unwrap();
    // No process ever writes into the FIFO.
    fifo(&space.path("movie.yaml"));
    let mut child = space.command(&["check"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it waits for its spec");
    let began = Instant::now();
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_file_without_an_end_is_not_read_to_its_end() {
    let space = postcard();
    let spec = fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.clicks("song.wav", 120.0, 4.0);
    // A bad list of beats is reported only when the song is analysed, which `check` does not do.
    for (line, name, codes) in [
        ("", "movie.yaml", &["mmm::spec::too-large"][..]),
        ("", "movie.lock", &["mmm::lock::bad"]),
        ("style: {look: zero.cube}\n", "zero.cube", &["mmm::look::cube"]),
        ("music: {path: song.wav, beats: zero.beats}\n", "zero.beats", &[]),
    ] {
        space.movie(&format!("{spec}{line}"));
        fs::remove_file(space.path(name)).ok();
        symlink("/dev/zero", space.path(name)).unwrap();
        let ran = check_within(&space, 150).expect_exit(if codes.is_empty() { 0 } else { 3 });
        assert_eq!(ran.codes(), codes, "{name}");
        fs::remove_file(space.path(name)).unwrap();
    }
}
