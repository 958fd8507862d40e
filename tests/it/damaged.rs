//! Clips that go bad between their keyframes: what the headers and the keyframes tell is whole, and the movie is
//! to be so too.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::measure::{difference, frames};
use crate::media::{packets, write_walk, write_walk_with, zero_packets};
use crate::space::Space;

/// Overwrites all that lies in the file from one time of a clip to another with zeros.
fn hole(clip: &Path, from: f64, to: f64) {
    let found = packets(clip);
    let place = |wanted: f64| found.iter().find(|packet| packet.time_s >= wanted).unwrap().start;
    let start = found[0].time_s;
    let (first, last) = (place(start + from), place(start + to));
    assert!(last > first + 10_000, "{first} to {last}");
    let mut file = fs::OpenOptions::new().write(true).open(clip).unwrap();
    file.seek(SeekFrom::Start(first)).unwrap();
    file.write_all(&vec![0; (last - first) as usize]).unwrap();
}

/// The shots that show `source`: first frame, length in frames, and the part of the clip.
fn parts(space: &Space, source: &str) -> Vec<(usize, usize, f64, f64)> {
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap().iter().filter(|shot| shot["source"] == source);
    let whole = |shot: &Value, field: &str| shot[field].as_u64().unwrap() as usize;
    let part = |shot: &Value| {
        let (from, to) = (shot["in"].as_f64().unwrap(), shot["out"].as_f64().unwrap());
        (whole(shot, "start"), whole(shot, "frames"), from, to)
    };
    shots.map(part).collect()
}

/// How far the frames of a shot are from those of the whole clip at the same moment, at worst.
fn worst(movie: &[Vec<u8>], clip: &[Vec<u8>], (start, count, from, _): (usize, usize, f64, f64)) -> f64 {
    let first = (from * 25.0).round() as usize;
    // Where the shot comes out of another, or out of black, both are seen.
    let inside = count / 4..count * 2 / 3;
    inside.map(|n| difference(&movie[start + n], &clip[first + n])).fold(0.0, f64::max)
}

const PHOTOS: [&str; 3] = ["path.jpg", "bee.jpg", "astronaut.jpg"];

fn with_photos(spec: &str) -> Space {
    let space = Space::new();
    for photo in PHOTOS {
        space.take(&format!("photos/{photo}"), &format!("photos/{photo}"));
    }
    space.movie(spec);
    space
}

/// Of a whole shot every frame is that of the clip to a grey level or two; one that stays for five frames is off
/// by six and more.
const WHOLE: f64 = 4.0;

#[test]
fn a_moment_that_is_rotten_between_keyframes_gives_way_to_another() {
    let space = with_photos(
        "media: [photos/, {path: clip.mp4, required: true}]\nduration: 8s\nrate: 25\n\
                style: {transitions: cut}\n",
    );
    write_walk(&space, "clip.mp4", 25);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    let (_, _, from, to) = parts(&space, "clip.mp4")[0];
    let middle = (from + to) / 2.0;
    zero_packets(&space.path("clip.mp4"), middle - 1.0, middle + 1.0);
    // The keyframes tell the same, and so the plan does.
    let known = parts(&space, "clip.mp4")[0];
    assert_eq!((known.2, known.3), (from, to));
    let ran = space.draft();
    assert_eq!(ran.codes().iter().filter(|code| *code != "mmm::render::moment-avoided").count(), 0);
    let events = ran.events();
    let said = events.iter().find(|event| event["code"] == "mmm::render::moment-avoided").expect("a word");
    let message = said["message"].as_str().unwrap();
    assert!(message.contains("`clip.mp4`") && message.contains("another moment of it is shown"), "{message}");
    assert_eq!(said["labels"][0]["line"], 1, "{said:#}");
    let shot = parts(&space, "clip.mp4")[0];
    assert!(shot.3 <= middle - 1.0 || shot.2 >= middle + 1.0, "{shot:?} shows what is rotten at {middle}");
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    assert!(worst(&movie, &clip, shot) < WHOLE, "{}", worst(&movie, &clip, shot));

    // Nothing changed: nothing is made, with the lock that was written, and without.
    let bytes = fs::read(space.path("movie.draft.mp4")).unwrap();
    let lock = fs::read(space.path("movie.lock")).unwrap();
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
    assert_eq!(fs::read(space.path("movie.lock")).unwrap(), lock);
    space.run(&["build", "--profile", "draft", "--locked"]).expect_success();
    fs::remove_file(space.path("movie.lock")).unwrap();
    let afresh = space.draft();
    assert_eq!(afresh.finished_event()["actions"]["run"], 0, "{}", afresh.stdout);
    assert_eq!(afresh.codes(), ["mmm::render::moment-avoided"]);
    assert_eq!(fs::read(space.path("movie.lock")).unwrap(), lock);
    // From an empty cache, with one worker: the same.
    let cache = space.path("other-cache");
    space
        .run(&["build", "--profile", "draft", "--jobs", "1", "--cache-dir", cache.to_str().unwrap()])
        .expect_success();
    assert_eq!(fs::read(space.path("movie.draft.mp4")).unwrap(), bytes);
    assert_eq!(fs::read(space.path("movie.lock")).unwrap(), lock);
}

#[test]
fn a_clip_that_rots_after_it_was_shown_moves_to_what_is_whole_of_it() {
    let space = with_photos("media: [photos/, {path: clip.mp4, required: true}]\nduration: 8s\nrate: 25\n");
    write_walk(&space, "clip.mp4", 200);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    space.draft();
    let (start, _, from, to) = parts(&space, "clip.mp4")[0];
    let length = to - from;
    zero_packets(&space.path("clip.mp4"), from + length * 0.3, from + length * 0.8);
    let ran = space.draft();
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    for shot in parts(&space, "clip.mp4") {
        assert_ne!((shot.0, shot.2), (start, from), "the locked moment is rotten");
        assert!(worst(&movie, &clip, shot) < WHOLE, "{}", worst(&movie, &clip, shot));
    }
    assert_eq!(ran.codes(), ["mmm::render::moment-avoided"]);
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
}

#[test]
fn a_required_moment_without_another_is_held_and_said() {
    let spec = "media: [photos/, {path: clip.mp4, required: true, in: 4s, out: 6s}]\nduration: 7s\nrate: 25\n\
                style: {transitions: cut}\nconstraints: {shot: 1.5s..3s, order: as-listed}\n";
    let space = with_photos(spec);
    write_walk(&space, "clip.mp4", 200);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    zero_packets(&space.path("clip.mp4"), 4.8, 5.6);
    let ran = space.draft();
    assert_eq!(ran.codes(), ["mmm::render::picture-held"]);
    let events = ran.events();
    let said = events.iter().find(|event| event["code"] == "mmm::render::picture-held").unwrap();
    let message = said["message"].as_str().unwrap();
    // What is decoded after the first rotten packet is shown a few pictures earlier; the next keyframe is at 8 s.
    assert!(message.contains("`clip.mp4` has no whole pictures from 4."), "{message}");
    assert!(message.contains(" to 8s") && message.contains("the last one before stays"), "{message}");
    // The movie is made, whole up to the flaw, and stands from there on instead of showing what is rotten.
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    assert_eq!(movie.len(), 175);
    let (start, count, from, to) = parts(&space, "clip.mp4")[0];
    let at = |time: f64| start + ((time - from) * 25.0).round() as usize;
    let last = start + count - 2;
    assert!(from < 4.4 && to > 5.0, "{from}..{to}");
    let close = |frame: usize, time: f64| difference(&movie[frame], &clip[(time * 25.0).round() as usize]);
    assert!(close(at(4.4), 4.4) < WHOLE, "{}", close(at(4.4), 4.4));
    let stays = (at(5.0)..last).map(|frame| difference(&movie[frame], &movie[at(4.9)])).fold(0.0, f64::max);
    assert!(stays < 2.0, "{stays}");
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
    assert_eq!(again.codes(), ["mmm::render::picture-held"]);
}

/// Builds a draft with a clip that is rotten in the middle: it says so, and every frame of the clip is the whole one
/// of its moment, or the last whole one, which stays.
#[track_caller]
fn whole_or_held(space: &Space, name: &str, clip: &[Vec<u8>], wanted: &str) {
    let ran = space.draft();
    assert_eq!(ran.codes(), [wanted]);
    let events = ran.events();
    let said = events.iter().find(|event| event["code"] == wanted).unwrap();
    assert!(said["message"].as_str().unwrap().contains(name), "{said:#}");
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    let shots = parts(space, name);
    assert!(!shots.is_empty());
    let mut held = 0;
    for (start, count, from, _) in shots {
        let first = (from * 25.0).round() as usize;
        for frame in start..start + count {
            let moment = first + frame - start;
            // A frame may be off by one where the shot begins between two of the clip's.
            let near = clip[moment - 1..=moment + 1].iter().map(|whole| difference(&movie[frame], whole));
            if near.fold(f64::INFINITY, f64::min) < WHOLE {
                continue;
            }
            held += 1;
            assert!(frame > start, "the shot begins with what is not whole");
            let moved = difference(&movie[frame], &movie[frame - 1]);
            assert!(moved < 2.0, "frame {frame} is neither whole nor the last one: {moved:.1} grey levels");
        }
    }
    assert_eq!(held > 0, wanted.ends_with("held"), "{held} frames are held");
}

const AVOIDED: &str = "mmm::render::moment-avoided";
const HELD: &str = "mmm::render::picture-held";

/// Cuts alone, so that each frame is of one shot.
const ANYWHERE: &str = "duration: 7s\nrate: 25\nstyle: {transitions: cut}\n";
const NOWHERE_ELSE: &str =
    "duration: 7s\nrate: 25\nstyle: {transitions: cut}\nconstraints: {shot: 1.5s..3s, order: as-listed}\n";

#[test]
fn hevc_that_is_rotten_gives_way_or_holds() {
    let with = |gop: u32, clip: &str, rest: &str| {
        let space =
            with_photos(&format!("media: [photos/, {{path: clip.mp4, required: true{clip}}}]\n{rest}"));
        let settings = format!("keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:log-level=none");
        write_walk_with(
            &space,
            "clip.mp4",
            &["-c:v", "libx265", "-tag:v", "hvc1", "-x265-params", &settings],
        );
        let clip = frames(&space.path("clip.mp4"), 64, 36);
        (space, clip)
    };
    let (space, clip) = with(25, "", ANYWHERE);
    let (_, _, from, to) = parts(&space, "clip.mp4")[0];
    zero_packets(&space.path("clip.mp4"), from + (to - from) * 0.4, to);
    whole_or_held(&space, "clip.mp4", &clip, AVOIDED);
    let (space, clip) = with(200, ", in: 4s, out: 6s", NOWHERE_ELSE);
    zero_packets(&space.path("clip.mp4"), 4.8, 5.6);
    whole_or_held(&space, "clip.mp4", &clip, HELD);
}

#[test]
fn a_transport_stream_with_a_hole_gives_way_or_holds() {
    let with = |clip: &str, rest: &str| {
        let space =
            with_photos(&format!("media: [photos/, {{path: clip.ts, required: true{clip}}}]\n{rest}"));
        write_walk(&space, "clip.ts", 50);
        let clip = frames(&space.path("clip.ts"), 64, 36);
        (space, clip)
    };
    let (space, clip) = with("", ANYWHERE);
    let (_, _, from, to) = parts(&space, "clip.ts")[0];
    hole(&space.path("clip.ts"), from + (to - from) * 0.4, to);
    whole_or_held(&space, "clip.ts", &clip, AVOIDED);
    let (space, clip) = with(", in: 4s, out: 6s", NOWHERE_ELSE);
    hole(&space.path("clip.ts"), 4.8, 5.6);
    whole_or_held(&space, "clip.ts", &clip, HELD);
}
