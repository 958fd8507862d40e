//! Projects from others that reach for what is not theirs: nothing outside of them is touched.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::space::Space;

const BUILD: [&str; 2] = ["build", "--json"];
const DRAFT: [&str; 4] = ["build", "--json", "--profile", "draft"];
/// All that a build of [`postcard`] writes beside the spec, and the draft.
const OUTPUTS: [&str; 4] = ["m.mp4", "m.draft.mp4", "m.jpg", "m.gif"];

/// A movie of one photo with a poster and a preview, small enough to be built often.
fn postcard() -> Space {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie(
        "media: hill.jpg\nduration: 1s\nrate: 24\noutputs: {m.mp4: {poster: m.jpg, preview: m.gif}}\n",
    );
    space
}

/// A file of the user's beside the project.
fn precious(space: &Space) -> PathBuf {
    let path = space.folder().parent().unwrap().join("precious.txt");
    fs::write(&path, "precious").unwrap();
    path
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Names in the project, in order.
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
    // What stands under the name that unfinished files of the first version had, and whether it stays there.
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
fn what_is_no_file_of_ours_is_never_replaced() {
    let space = postcard();
    let precious = precious(&space);
    space.run(&BUILD).expect_success();
    space.run(&DRAFT).expect_success();
    for (output, build) in OUTPUTS.iter().zip([&BUILD[..], &DRAFT, &BUILD, &BUILD]) {
        let path = space.path(output);
        // What mmm made, elsewhere: a link to it is not it.
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
        // A second name of a file that mmm made is replaced here, and stays as it is there.
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
        assert!(ran.stdout.contains("`out` is a link that leads out"), "{}", ran.stdout);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "{outputs}");
    }
    // A link to a folder inside is as good as the folder.
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
