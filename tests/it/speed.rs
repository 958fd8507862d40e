//! Clips that are played faster or slower than they were filmed.

use std::f64::consts::TAU;
use std::path::Path;

use serde_json::Value;

use crate::measure::{frames, probe, sound, stream};
use crate::space::Space;
use crate::tools::ffmpeg;

const HZ: usize = 48_000;
const WIDTH: usize = 320;
const HEIGHT: usize = 180;
/// The rows at the bottom of each frame that encode its number: eight bars, white for a one.
const STRIP: usize = 10;

/// Writes a clip of 30 fps whose frames show their numbers, with a tone in the first half of every second.
fn write_numbered_clip(space: &Space, name: &str, seconds: u32, tone_hz: u32) {
    let bar = format!("if(mod(floor(N/pow(2,floor(X*8/{WIDTH}))),2),210,40)");
    let picture = format!(
        "testsrc2=s={WIDTH}x{HEIGHT}:r=30:d={seconds},geq=lum='if(gt(Y,{}),{bar},lum(X,Y)/2+40)':cb=128:cr=128",
        HEIGHT - STRIP - 1
    );
    let tone = format!("aevalsrc='0.5*sin(2*PI*{tone_hz}*t)*lt(mod(t,1),0.5)':s=48000:d={seconds}");
    let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &tone];
    let codecs = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-pix_fmt", "yuv420p"];
    let path = space.path(name);
    ffmpeg(&[&inputs[..], &codecs, &["-c:a", "pcm_s16le", path.to_str().unwrap()]].concat());
}

/// Returns the number that each frame of a movie shows.
fn frame_numbers(movie: &Path) -> Vec<i64> {
    let bit = |frame: &Vec<u8>, bar: usize| {
        let at = (HEIGHT - STRIP / 2) * WIDTH + bar * WIDTH / 8 + WIDTH / 16;
        i64::from(frame[at] > 125) << bar
    };
    frames(movie, WIDTH, HEIGHT).iter().map(|frame| (0..8).map(|bar| bit(frame, bar)).sum()).collect()
}

/// Returns the number that frame `n` of a shot should show by the plan, which may be fractional.
fn planned_number(shot: &Value, n: i64) -> f64 {
    shot["in"].as_f64().unwrap() * 30.0 + n as f64 * shot["speed"].as_f64().unwrap()
}

#[test]
fn a_clip_at_twice_its_speed_shows_every_second_frame() {
    let space = Space::new().without_models();
    write_numbered_clip(&space, "a.mov", 7, 440);
    space.movie(
        "media: [{path: a.mov, in: 1s, out: 5.5s, speed: 2}]\nduration: 2s\n\
         style: {transitions: cut, titles: off}\n",
    );
    space.draft();
    let shot = &space.timeline()["shots"][0];
    let (from, to) = (shot["in"].as_f64().unwrap(), shot["out"].as_f64().unwrap());
    assert!(from >= 1.0 && to <= 5.5 && (to - from - 4.0).abs() < 1e-6, "{from} to {to}");
    let movie = space.path("movie.draft.mp4");
    let shown = frame_numbers(&movie);
    let first = (from * 30.0).round() as i64;
    assert_eq!(shown, (0..60).map(|n| first + 2 * n).collect::<Vec<_>>());
    // Without `sound: keep` its sound is dropped.
    let probe = probe(&movie);
    let streams = probe["streams"].as_array().unwrap();
    assert!(streams.iter().all(|stream| stream["codec_type"] == "video"), "{probe}");
    assert!(shot["reason"].as_str().unwrap().contains("at 2 times its speed"), "{shot}");
}

#[test]
fn a_clip_at_a_quarter_of_its_speed_shows_every_frame_four_times() {
    let space = Space::new().without_models();
    write_numbered_clip(&space, "a.mov", 4, 440);
    space.movie(
        "media: [{path: a.mov, speed: 0.25}]\nduration: 4s\n\
         style: {transitions: [dip], titles: off}\n",
    );
    space.draft();
    let shown = frame_numbers(&space.path("movie.draft.mp4"));
    assert_eq!(shown.len(), 120);
    // The movie fades in and out, so the shot is encoded in three segments without a jump between them.
    let seen = &shown[10..85];
    let mut runs: Vec<(i64, usize)> = Vec::new();
    for number in seen {
        match runs.last_mut() {
            Some((last, count)) if last == number => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    assert!(runs.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "{runs:?}");
    assert!(runs[1..runs.len() - 1].iter().all(|(_, count)| *count == 4), "{runs:?}");
}

/// Returns the power of a tone as a share of all power.
fn tone_share(samples: &[f32], tone_hz: f64) -> f64 {
    let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let sample = f64::from(*sample);
        let (sin, cos) = (n as f64 / HZ as f64 * tone_hz * TAU).sin_cos();
        (re, im, all) = (re + sample * sin, im + sample * cos, all + sample * sample);
    }
    2.0 * (re * re + im * im) / (samples.len() as f64 * all)
}

#[test]
fn kept_sound_keeps_its_pitch_and_its_time() {
    for (speed, seconds) in [(0.25, 6), (0.5, 4), (2.0, 3), (4.0, 2)] {
        let space = Space::new().without_models();
        write_numbered_clip(&space, "a.mov", 9, 440);
        space.movie(&format!(
            "media: [{{path: a.mov, in: 0.25s, speed: {speed}, sound: keep}}]\nduration: {seconds}s\n\
             style: {{transitions: cut, titles: off}}\n"
        ));
        space.draft();
        let movie = space.path("movie.draft.mp4");
        let probe = probe(&movie);
        assert_eq!(stream(&probe, "audio")["duration_ts"], seconds * HZ as i64, "at {speed}");
        assert_eq!(stream(&probe, "video")["nb_read_packets"], (seconds * 30).to_string());
        let heard = sound(&movie, HZ as u32);
        let from = space.timeline()["shots"][0]["in"].as_f64().unwrap();
        let level = |at: f64| {
            let part = &heard[(at * HZ as f64) as usize..((at + 0.02) * HZ as f64) as usize];
            part.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>().sqrt()
        };
        let loud = (0..seconds * 50 - 1).map(|n| level(n as f64 / 50.0)).fold(0.0, f64::max);
        // Time stretching overlaps windows, which may be off by a few milliseconds of the clip.
        let near = 0.04 + 0.03 / speed;
        let mut checked = 0;
        for second in 1..9 {
            // The start and end of this second's tone in the movie.
            let [on, off] = [0.0, 0.5].map(|part| (f64::from(second) + part - from) / speed);
            if on < 0.2 || off + 0.2 > seconds as f64 {
                continue;
            }
            checked += 1;
            assert!(level(on - near - 0.02) < 0.1 * loud, "heard too early at {on} s, speed {speed}");
            assert!(level(on + near) > 0.5 * loud, "not heard at {on} s, speed {speed}");
            assert!(level(off - near - 0.02) > 0.5 * loud, "ends too early at {off} s, speed {speed}");
            assert!(level(off + near) < 0.1 * loud, "goes on at {off} s, speed {speed}");
            let tone =
                &heard[((on + near) * HZ as f64) as usize..((on + (off - on) * 0.8) * HZ as f64) as usize];
            assert!(tone_share(tone, 440.0) > 0.8, "{} of it is 440 Hz at {speed}", tone_share(tone, 440.0));
        }
        assert!(checked > 0, "no tone at {speed}");
    }
}

#[test]
fn clips_keep_their_speeds_through_a_dissolve() {
    let space = Space::new().without_models();
    write_numbered_clip(&space, "a.mov", 8, 440);
    write_numbered_clip(&space, "b.mov", 7, 660);
    space.movie(
        "media: [{path: a.mov, speed: 1.5, required: true}, {path: b.mov, required: true}]\nduration: 6s\n\
         style: {transitions: dissolve, titles: off}\nconstraints: {order: as-listed, shot: 2s..4s}\n",
    );
    space.draft();
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap();
    let shown = frame_numbers(&space.path("movie.draft.mp4"));
    assert_eq!((shots.len(), shown.len()), (2, 180), "{shots:?}");
    let handle = shots[1]["transition"]["frames"].as_i64().unwrap() / 2;
    assert!(handle >= 4, "{shots:?}");
    for shot in shots {
        let (start, count) = (shot["start"].as_i64().unwrap(), shot["frames"].as_i64().unwrap());
        for n in handle..count - handle {
            let (found, wanted) = (shown[(start + n) as usize] as f64, planned_number(shot, n));
            assert!((found - wanted).abs() <= 0.54, "{found} and not {wanted} at frame {n} of {shot}");
        }
    }
}

#[test]
fn a_locked_build_reports_a_changed_speed() {
    let space = Space::new().without_models();
    write_numbered_clip(&space, "a.mov", 6, 440);
    let movie = |speed: &str| {
        let clip = format!("{{path: a.mov, speed: {speed}}}");
        space.movie(&format!("media: [{clip}]\nduration: 1s\nstyle: {{transitions: cut, titles: off}}\n"));
    };
    movie("0.5");
    space.draft();
    let lock = space.lock();
    assert!(lock.contains("speed = 0.5"), "{lock}");
    let build = ["build", "--profile", "draft", "--locked", "--json"];
    space.run(&build).expect_success();
    movie("0.75");
    let refused = space.run(&build).expect_exit(5);
    assert_eq!(refused.codes(), ["mmm::lock::changes"]);
    assert!(
        refused.stdout.contains("would play at 0.75 times its speed instead of 0.5"),
        "{}",
        refused.stdout
    );
    // A build without `--locked` renders the shot again, and `why` names the speed.
    space.draft();
    let why = space.run(&["why", "movie.draft.mp4", "--at", "0.5s"]).expect_success().stdout;
    assert!(why.contains("speed"), "{why}");
}
