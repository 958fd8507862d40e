//! The movie is the same on every machine: it is built by this processor and by an emulated one without AVX
//! and FMA.
#![cfg(all(target_arch = "x86_64", target_os = "linux"))]

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::space::{Run, Space, fixture};
use crate::tools::ffmpeg;

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

/// Returns the facts of media.
fn facts(ran: Run) -> Vec<Value> {
    let mut facts = ran.expect_success().events();
    facts.retain(|line| line["facts"].is_object());
    facts
}

/// Fails if the two processors find other facts in a number of media.
#[track_caller]
fn assert_same_facts(here: &Space, there: &Space, args: &[&str], media: usize) {
    let (ours, theirs) = (facts(here.run(args)), facts(run_old(there, args)));
    assert_eq!((ours.len(), theirs.len()), (media, media));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
}

#[test]
#[ignore = "emulates a processor"]
fn an_older_processor_measures_the_same_and_makes_the_same_movie() {
    let (here, there) = (media(), media());
    let analyze = ["analyze", "--json", "--no-models", "photos", "clips", "music/four.mp3"];
    assert_same_facts(&here, &there, &analyze, 5);

    let build = ["build", "--profile", "draft", "--no-models"];
    here.movie(SPEC).run(&build).expect_success();
    run_old(there.movie(SPEC), &build).expect_success();
    assert_same_locks(&here, &there);
    assert_same(&here.path("movie.draft.mp4"), &there.path("movie.draft.mp4"));
}

#[track_caller]
fn assert_same_locks(here: &Space, there: &Space) {
    let locks = [here, there].map(|space| fs::read_to_string(space.path("movie.lock")).unwrap());
    assert_eq!(locks[0], locks[1]);
}

/// The models see a face and its expression and find the subject of a photo without people, and they hear a voice and a
/// song.
#[test]
#[ignore = "emulates a processor, with models"]
fn an_older_processor_sees_and_hears_the_same() {
    let [here, there] = [(); 2].map(|()| {
        let space = Space::new();
        space.take("photos/astronaut.jpg", "astronaut.jpg").take("photos/bee.jpg", "bee.jpg");
        space.take("music/four-mono.mp3", "four.mp3");
        let (from, to) = (fixture("clips/speech.mp4"), space.path("speech.mp4"));
        ffmpeg(&["-i", from.to_str().unwrap(), "-t", "0.6", "-c", "copy", to.to_str().unwrap()]);
        space
    });
    let analyze = ["analyze", "--json", "astronaut.jpg", "speech.mp4", "four.mp3"];
    assert_same_facts(&here, &there, &analyze, 3);
    let sight = facts(here.run(&analyze)).remove(0)["facts"]["sight"].take();
    assert_eq!(sight["faces"].as_array().unwrap().len(), 1, "{sight}");

    let spec = "media: bee.jpg\naspect: \"9:16\"\nduration: 1s\nrate: 24\n";
    let build = ["build", "--profile", "draft", "--json"];
    assert_eq!(here.movie(spec).run(&build).expect_success().actions()["photo-mask"], 1);
    run_old(there.movie(spec), &build).expect_success();
    assert_same_locks(&here, &there);
}

#[test]
#[ignore = "emulates a processor"]
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
