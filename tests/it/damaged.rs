//! Clips with intact headers and keyframes whose other packets are damaged. The movie shows intact frames
//! only.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::measure::{difference, frames};
use crate::media::{packets, write_walk, write_walk_with, zero_packets};
use crate::space::Space;
use crate::tools::ffmpeg;

const AVOIDED: &str = "mmm::render::moment-avoided";
const FROZEN: &str = "mmm::render::picture-held";

/// The mean difference, in grey levels, below which a frame of the movie matches a frame of the clip. Intact
/// frames differ by one or two; a frame that is repeated for five frames differs by six or more.
const SAME_FRAME: f64 = 4.0;

/// Overwrites all bytes of a clip between two times with zeros.
#[track_caller]
fn zero_bytes(clip: &Path, from_s: f64, to_s: f64) {
    let found = packets(clip);
    let start_of = |time_s: f64| found.iter().find(|packet| packet.time_s >= time_s).unwrap().start;
    let start_s = found[0].time_s;
    let (first, last) = (start_of(start_s + from_s), start_of(start_s + to_s));
    assert!(last > first + 10_000, "{first} to {last}");
    let mut file = fs::OpenOptions::new().write(true).open(clip).unwrap();
    file.seek(SeekFrom::Start(first)).unwrap();
    file.write_all(&vec![0; (last - first) as usize]).unwrap();
}

/// A shot of a clip in a movie of 25 fps.
#[derive(Clone, Copy, Debug)]
struct ClipShot {
    /// The first frame in the movie, and the number of frames.
    start: usize,
    frames: usize,
    /// The part of the clip, in seconds.
    from_s: f64,
    to_s: f64,
}

/// Returns the shots that show `source`.
fn clip_shots(space: &Space, source: &str) -> Vec<ClipShot> {
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap().iter().filter(|shot| shot["source"] == source);
    let shot = |shot: &Value| ClipShot {
        start: shot["start"].as_u64().unwrap() as usize,
        frames: shot["frames"].as_u64().unwrap() as usize,
        from_s: shot["in"].as_f64().unwrap(),
        to_s: shot["out"].as_f64().unwrap(),
    };
    shots.map(shot).collect()
}

/// Returns the largest difference between the frames of a shot and those of the undamaged clip.
fn largest_difference(movie: &[Vec<u8>], clip: &[Vec<u8>], shot: ClipShot) -> f64 {
    let first = (shot.from_s * 25.0).round() as usize;
    // During a dissolve or a fade the frame shows more than the clip.
    let inside = shot.frames / 4..shot.frames * 2 / 3;
    inside.map(|n| difference(&movie[shot.start + n], &clip[first + n])).fold(0.0, f64::max)
}

fn with_photos(spec: &str) -> Space {
    let space = Space::with_photos(&["path", "bee", "astronaut"]).without_models();
    space.movie(spec);
    space
}

#[test]
fn a_damaged_part_is_replaced_by_another_part_of_the_clip() {
    let space = with_photos(
        "media: [photos/, {path: clip.mp4, required: true}]\nduration: 8s\nrate: 25\n\
                style: {transitions: cut}\n",
    );
    write_walk(&space, "clip.mp4", 25);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    let planned = clip_shots(&space, "clip.mp4")[0];
    let middle = (planned.from_s + planned.to_s) / 2.0;
    zero_packets(&space.path("clip.mp4"), middle - 1.0, middle + 1.0);
    // The plan is the same: planning reads keyframes alone.
    let again = clip_shots(&space, "clip.mp4")[0];
    assert_eq!((again.from_s, again.to_s), (planned.from_s, planned.to_s));
    let ran = space.draft();
    assert!(ran.codes().iter().all(|code| code == AVOIDED), "{:?}", ran.codes());
    let found = ran.diagnostic(AVOIDED);
    let message = found["message"].as_str().unwrap();
    assert!(
        message.contains("`clip.mp4`") && message.contains("the movie shows another moment of it"),
        "{message}"
    );
    assert_eq!(found["labels"][0]["line"], 1, "{found:#}");
    let shot = clip_shots(&space, "clip.mp4")[0];
    assert!(shot.to_s <= middle - 1.0 || shot.from_s >= middle + 1.0, "{shot:?} is damaged at {middle} s");
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    let apart = largest_difference(&movie, &clip, shot);
    assert!(apart < SAME_FRAME, "{apart}");
    assert_repeatable(&space);
}

/// Checks that nothing runs again for a movie that avoids damage, and that a clean build has the same bytes,
/// with and without its lock.
#[track_caller]
fn assert_repeatable(space: &Space) {
    let bytes = fs::read(space.path("movie.draft.mp4")).unwrap();
    let lock = space.lock();
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
    // The lock avoids the damage, which is still there.
    assert_eq!(again.codes(), [AVOIDED]);
    assert_eq!(space.lock(), lock);
    space.run(&["build", "--profile", "draft", "--locked"]).expect_success();
    fs::remove_file(space.path("movie.lock")).unwrap();
    let without_lock = space.draft();
    assert_eq!(without_lock.finished_event()["actions"]["run"], 0, "{}", without_lock.stdout);
    assert_eq!(without_lock.codes(), [AVOIDED]);
    assert_eq!(space.lock(), lock);
    let cache = space.path("other-cache");
    let clean = ["build", "--profile", "draft", "--jobs", "1", "--cache-dir", cache.to_str().unwrap()];
    space.run(&clean).expect_success();
    assert_eq!(fs::read(space.path("movie.draft.mp4")).unwrap(), bytes);
    assert_eq!(space.lock(), lock);
}

#[test]
fn a_clip_damaged_after_a_build_moves_to_an_undamaged_part() {
    let space = with_photos("media: [photos/, {path: clip.mp4, required: true}]\nduration: 8s\nrate: 25\n");
    write_walk(&space, "clip.mp4", 200);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    space.draft();
    let locked = clip_shots(&space, "clip.mp4")[0];
    let length = locked.to_s - locked.from_s;
    zero_packets(&space.path("clip.mp4"), locked.from_s + length * 0.3, locked.from_s + length * 0.8);
    let ran = space.draft();
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    for shot in clip_shots(&space, "clip.mp4") {
        assert_ne!((shot.start, shot.from_s), (locked.start, locked.from_s), "the locked part is damaged");
        let apart = largest_difference(&movie, &clip, shot);
        assert!(apart < SAME_FRAME, "{apart}");
    }
    assert_eq!(ran.codes(), [AVOIDED]);
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
    assert_eq!(again.codes(), [AVOIDED]);
    space.movie("media: photos/\nduration: 8s\nrate: 25\n");
    assert_eq!(space.draft().codes(), [""; 0]);
}

#[test]
fn a_required_damaged_part_freezes_and_is_reported() {
    let spec = "media: [photos/, {path: clip.mp4, required: true, in: 4s, out: 6s}]\nduration: 7s\nrate: 25\n\
                style: {transitions: cut}\nconstraints: {shot: 1.5s..3s, order: as-listed}\n";
    let space = with_photos(spec);
    write_walk(&space, "clip.mp4", 200);
    let clip = frames(&space.path("clip.mp4"), 64, 36);
    zero_packets(&space.path("clip.mp4"), 4.8, 5.6);
    let ran = space.draft();
    assert_eq!(ran.codes(), [FROZEN]);
    let found = ran.diagnostic(FROZEN);
    let message = found["message"].as_str().unwrap();
    // Frames that are shown just before the first damaged packet are decoded after it; the next keyframe is
    // at 8 s.
    assert!(message.contains("`clip.mp4` has no intact frames from 4."), "{message}");
    assert!(message.contains(" to 8s") && message.contains("the last intact frame is held"), "{message}");
    // The shot is intact up to the damage and freezes there.
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    assert_eq!(movie.len(), 175);
    let shot = clip_shots(&space, "clip.mp4")[0];
    let at = |time_s: f64| shot.start + ((time_s - shot.from_s) * 25.0).round() as usize;
    let last = shot.start + shot.frames - 2;
    assert!(shot.from_s < 4.4 && shot.to_s > 5.0, "{shot:?}");
    let apart = difference(&movie[at(4.4)], &clip[(4.4_f64 * 25.0).round() as usize]);
    assert!(apart < SAME_FRAME, "{apart}");
    let moved = (at(5.0)..last).map(|frame| difference(&movie[frame], &movie[at(4.9)])).fold(0.0, f64::max);
    assert!(moved < 2.0, "{moved}");
    let again = space.draft();
    assert_eq!(again.finished_event()["actions"]["run"], 0, "{}", again.stdout);
    assert_eq!(again.codes(), [FROZEN]);
}

/// Builds a draft with a clip that is damaged in the middle. Fails unless the build reports `code`, and every
/// frame of the clip is its undamaged one or repeats the last undamaged one.
#[track_caller]
fn assert_whole_or_frozen(space: &Space, name: &str, clip: &[Vec<u8>], code: &str) {
    let ran = space.draft();
    assert_eq!(ran.codes(), [code]);
    let found = ran.diagnostic(code);
    assert!(found["message"].as_str().unwrap().contains(name), "{found:#}");
    let movie = frames(&space.path("movie.draft.mp4"), 64, 36);
    let shots = clip_shots(space, name);
    assert!(!shots.is_empty());
    let mut frozen = 0;
    for shot in shots {
        let first = (shot.from_s * 25.0).round() as usize;
        for frame in shot.start..shot.start + shot.frames {
            let moment = first + frame - shot.start;
            // A shot may begin between two frames of the clip, so its frames may be off by one.
            let near = clip[moment - 1..=moment + 1].iter().map(|whole| difference(&movie[frame], whole));
            if near.fold(f64::INFINITY, f64::min) < SAME_FRAME {
                continue;
            }
            frozen += 1;
            assert!(frame > shot.start, "the shot begins with a damaged frame");
            let moved = difference(&movie[frame], &movie[frame - 1]);
            assert!(moved < 2.0, "frame {frame} is neither whole nor the last one: {moved:.1} grey levels");
        }
    }
    assert_eq!(frozen > 0, code == FROZEN, "{frozen} frames are frozen");
}

/// Hard cuts only, so that each frame belongs to one shot.
const ANY_PART: &str = "duration: 7s\nrate: 25\nstyle: {transitions: cut}\n";
const ONLY_THIS_PART: &str =
    "duration: 7s\nrate: 25\nstyle: {transitions: cut}\nconstraints: {shot: 1.5s..3s, order: as-listed}\n";

#[test]
fn damaged_hevc_is_replaced_or_frozen() {
    let with = |gop: u32, clip: &str, rest: &str| {
        let space =
            with_photos(&format!("media: [photos/, {{path: clip.mp4, required: true{clip}}}]\n{rest}"));
        let settings = format!("keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:log-level=none");
        let hevc = ["-c:v", "libx265", "-tag:v", "hvc1", "-x265-params", &settings];
        write_walk_with(&space, "clip.mp4", &hevc);
        let clip = frames(&space.path("clip.mp4"), 64, 36);
        (space, clip)
    };
    let (space, clip) = with(25, "", ANY_PART);
    let shot = clip_shots(&space, "clip.mp4")[0];
    zero_packets(&space.path("clip.mp4"), shot.from_s + (shot.to_s - shot.from_s) * 0.4, shot.to_s);
    assert_whole_or_frozen(&space, "clip.mp4", &clip, AVOIDED);
    let (space, clip) = with(200, ", in: 4s, out: 6s", ONLY_THIS_PART);
    zero_packets(&space.path("clip.mp4"), 4.8, 5.6);
    assert_whole_or_frozen(&space, "clip.mp4", &clip, FROZEN);
}

#[test]
fn a_transport_stream_with_missing_bytes_is_replaced_or_frozen() {
    let with = |clip: &str, rest: &str| {
        let space =
            with_photos(&format!("media: [photos/, {{path: clip.ts, required: true{clip}}}]\n{rest}"));
        write_walk(&space, "clip.ts", 50);
        let clip = frames(&space.path("clip.ts"), 64, 36);
        (space, clip)
    };
    let (space, clip) = with("", ANY_PART);
    let shot = clip_shots(&space, "clip.ts")[0];
    zero_bytes(&space.path("clip.ts"), shot.from_s + (shot.to_s - shot.from_s) * 0.4, shot.to_s);
    assert_whole_or_frozen(&space, "clip.ts", &clip, AVOIDED);
    let (space, clip) = with(", in: 4s, out: 6s", ONLY_THIS_PART);
    zero_bytes(&space.path("clip.ts"), 4.8, 5.6);
    assert_whole_or_frozen(&space, "clip.ts", &clip, FROZEN);
}

/// The second half of the file is zeros, so only three of the six seconds that its headers promise can be
/// decoded.
#[test]
fn a_half_readable_clip_is_shown_up_to_its_damage() {
    let space = Space::new().without_models();
    let clip = space.path("walk.mp4");
    let picture = "testsrc2=s=320x180:r=30:d=6";
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-pix_fmt", "yuv420p"];
    let whole = ["-movflags", "+faststart", clip.to_str().unwrap()];
    ffmpeg(&[&["-f", "lavfi", "-i", picture][..], &codecs, &whole].concat());
    let mut bytes = fs::read(&clip).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    fs::write(&clip, &bytes).unwrap();
    space.movie("media:\n  - {path: walk.mp4, in: 1s, out: 6s}\nduration: 5s\nstyle: {titles: off}\n");
    let found = space.run(&["plan", "--json"]).expect_exit(3).diagnostic("mmm::plan::medium");
    assert!(found["labels"][0]["text"].as_str().unwrap().contains("the clip lasts 3s"), "{found}");
    space.movie("media:\n  - {path: walk.mp4, required: true}\nduration: 2s\nstyle: {titles: off}\n");
    assert_eq!(space.draft().codes(), ["mmm::media::damaged"]);
    let frames = frames(&space.path("movie.draft.mp4"), 64, 36);
    assert_eq!(frames.len(), 60);
    // Between the fades, every frame differs from the previous one.
    assert!(frames[15..30].windows(2).all(|pair| difference(&pair[0], &pair[1]) > 0.5));
}
