//! The movie is the same on every machine: it is built by this processor and by an emulated one without AVX
//! and FMA.
#![cfg(all(target_arch = "x86_64", target_os = "linux"))]

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::space::{Run, Space};

/// A processor from 2008, without AVX and FMA.
const OLD: &str = "Nehalem";

/// Runs mmm on the old processor.
fn run_old(space: &Space, args: &[&str]) -> Run {
    let ours = space.command(args);
    let mut emulated = crate::tools::tool("qemu-x86_64");
    emulated.args(["-cpu", OLD]).arg(ours.get_program()).args(ours.get_args());
    emulated.current_dir(space.folder());
    for (name, value) in ours.get_envs() {
        match value {
            Some(value) => emulated.env(name, value),
            None => emulated.env_remove(name),
        };
    }
    let output = emulated.output();
    output.map(Run::from).unwrap()
}

/// Returns photos, music in MP3, a voice in AAC, and a clip with Opus that is played faster.
fn media() -> Space {
    let space = Space::new();
    for name in ["photos/hill.jpg", "photos/bee.jpg", "clips/speech.mp4", "clips/vp9.webm", "music/four.mp3"]
    {
        space.take(name, name);
    }
    space
}

const SPEC: &str = "
media:
  - {path: photos/, required: true}
  - {path: clips/speech.mp4, required: true, sound: keep}
  - {path: clips/vp9.webm, required: true, sound: keep, speed: 1.25}
music: music/four.mp3
duration: 4s
rate: 24
constraints: {order: as-listed}
";

/// Returns the kind, time and digest of every packet of a movie.
fn packets(path: &Path) -> Vec<String> {
    let mut probe = crate::tools::tool("ffprobe");
    probe.args(["-v", "error", "-show_data_hash", "md5", "-of", "compact"]);
    probe.args(["-show_entries", "packet=codec_type,pts,data_hash"]).arg(path);
    let output = probe.output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Fails if two files differ, and names the streams that differ.
#[track_caller]
fn assert_same(ours: &Path, theirs: &Path) {
    if fs::read(ours).unwrap() == fs::read(theirs).unwrap() {
        return;
    }
    let (ours, theirs) = (packets(ours), packets(theirs));
    let other = |kind: &str| {
        let of = |all: &[String]| all.iter().filter(|line| line.contains(kind)).cloned().collect::<Vec<_>>();
        let (ours, theirs) = (of(&ours), of(&theirs));
        let differ = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).count();
        format!("{kind}: {differ} of {} and {} packets", ours.len(), theirs.len())
    };
    panic!("other bytes; packets that differ: {}", ["video", "audio"].map(other).join(", "));
}

/// Returns the facts of the five media.
fn facts(ran: Run) -> Vec<Value> {
    let mut facts = ran.expect_success().events();
    facts.retain(|line| line["facts"].is_object());
    assert_eq!(facts.len(), 5);
    facts
}

#[test]
#[ignore = "emulates a processor for 45 s"]
fn an_older_processor_finds_the_same_facts_and_makes_the_same_movie() {
    let (here, there) = (media(), media());
    let analyze = [
        "analyze",
        "--json",
        "photos/hill.jpg",
        "photos/bee.jpg",
        "clips/speech.mp4",
        "clips/vp9.webm",
        "music/four.mp3",
    ];
    let (ours, theirs) = (facts(here.run(&analyze)), facts(run_old(&there, &analyze)));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }

    let build = ["build", "--profile", "draft"];
    here.movie(SPEC).run(&build).expect_success();
    run_old(there.movie(SPEC), &build).expect_success();
    let read = |space: &Space, name: &str| fs::read(space.path(name)).unwrap();
    let locks = [&here, &there].map(|space| String::from_utf8(read(space, "movie.lock")).unwrap());
    assert_eq!(locks[0], locks[1]);
    assert_same(&here.path("movie.draft.mp4"), &there.path("movie.draft.mp4"));
}

#[test]
#[ignore = "emulates a processor for 50 s"]
fn an_older_processor_encodes_the_same_final_movies() {
    let [here, there] = [(); 2].map(|()| {
        let space = Space::new();
        space.take("photos/hill.jpg", "hill.jpg").take("music/four.mp3", "four.mp3");
        space.movie(
            "media: hill.jpg\nmusic: four.mp3\nduration: 1s\nrate: 24\naspect: \"1:1\"\n\
             outputs: {m.mp4: {}, m.webm: {}}\n",
        );
        space
    });
    here.run(&["build", "--no-models"]).expect_success();
    run_old(&there, &["build", "--no-models"]).expect_success();
    for name in ["m.mp4", "m.webm"] {
        assert_same(&here.path(name), &there.path(name));
    }
}
