//! What is heard in the finished movie: joins, levels, rumble.

use std::f64::consts::TAU;

use serde_json::Value;

use crate::space::{Space, ffmpeg, fixture, sound, wav};

const HZ: usize = 48_000;

/// Power of a tone in dB of full scale, and its phase in radians, over samples whose first is at `start` seconds.
fn tone(samples: &[f32], start: f64, tone_hz: f64) -> (f64, f64) {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        // A Hann window, so that other tones do not leak in.
        let weight = 1.0 - (n as f64 / samples.len() as f64 * TAU).cos();
        let (sin, cos) = ((start + n as f64 / HZ as f64) * tone_hz * TAU).sin_cos();
        re += weight * f64::from(*sample) * sin;
        im += weight * f64::from(*sample) * cos;
    }
    let count = samples.len() as f64;
    (10.0 * (2.0 * (re * re + im * im) / (count * count)).log10(), im.atan2(re))
}

/// The samples from one time to another.
fn part(samples: &[f32], from: f64, to: f64) -> &[f32] {
    &samples[(from * HZ as f64).round() as usize..(to * HZ as f64).round() as usize]
}

fn power_db(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    10.0 * (sum / samples.len() as f64).log10()
}

/// A grey clip with a sound that is a filter of libav.
fn clip(space: &Space, name: &str, grey: &str, heard: &str) {
    let picture = format!("color=c={grey}:s=160x90:r=30:d=8,noise=alls=20:allf=t");
    let path = space.path(name);
    let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", heard, "-shortest"];
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"];
    ffmpeg(&[&inputs[..], &codecs, &[path.to_str().unwrap()]].concat());
}

/// Start and end of each shot in the movie, and its start in the source, in seconds.
fn shots(timeline: &Value) -> Vec<(f64, f64, f64)> {
    let shots = timeline["shots"].as_array().unwrap().iter();
    shots
        .map(|shot| {
            let frame = |name: &str| shot[name].as_f64().unwrap() / 30.0;
            (frame("start"), frame("start") + frame("frames"), shot["in"].as_f64().unwrap_or(0.0))
        })
        .collect()
}

/// The movie's sound and its shots.
fn built(space: &Space) -> (Vec<f32>, Vec<(f64, f64, f64)>) {
    space.draft();
    (sound(&space.path("movie.draft.mp4"), HZ as u32), shots(&space.timeline()))
}

#[test]
fn a_sine_keeps_its_phase_through_every_join() {
    const TONE_HZ: f64 = 1500.0;
    // The music goes on under cuts and dissolves as if there were none.
    let space = Space::new();
    for photo in ["hill.jpg", "path.jpg", "bee.jpg", "astronaut.jpg"] {
        space.take(&format!("photos/{photo}"), photo);
    }
    let sine = |n: usize| (n as f64 / HZ as f64 * TONE_HZ * TAU).sin() * 8000.0;
    space.write("sine.wav", wav(HZ as u32, &(0..HZ * 12).map(|n| sine(n) as i16).collect::<Vec<_>>()));
    space.movie(
        "media: ./\nmusic: {path: sine.wav, from: 0s}\nduration: 8s\nstyle: {transitions: [cut, dissolve]}\n",
    );
    let (heard, shots) = built(&space);
    assert!(shots.len() >= 3, "{shots:?}");
    let phases =
        (10..690).map(|n| f64::from(n) / 100.0).map(|at| tone(part(&heard, at, at + 0.02), at, TONE_HZ).1);
    let most = phases.map(f64::abs).fold(0.0, f64::max);
    assert!(most < 0.01, "the music is {most} rad off");

    // A clip's sound starts each shot where its picture does, to the sample.
    let space = Space::new();
    for (name, grey) in [("a.mov", "0x202020"), ("b.mov", "0x808080"), ("c.mov", "0xd0d0d0")] {
        clip(&space, name, grey, "sine=1500:d=8:r=48000,volume=8");
    }
    space.movie(
        "media: [a.mov, b.mov, c.mov]\nduration: 9s\nstyle: {transitions: cut, titles: off}\n\
         constraints: {shot: 1s..2s, repeats: 3}\n",
    );
    let (heard, shots) = built(&space);
    assert!(shots.len() >= 5, "{shots:?}");
    let phase = |at: f64, to: f64, (start, _, from): &(f64, f64, f64)| {
        let samples = part(&heard, at, to);
        let first = (at * HZ as f64).round() / HZ as f64;
        tone(samples, first - start + from, TONE_HZ).1
    };
    // The filter under the voices turns all by as much; a sample is a fifth of a radian here.
    let usual = phase(0.5, 0.9, &shots[0]);
    for shot in &shots {
        for (at, to) in
            [(shot.0 + 0.006, shot.0 + 0.026), (shot.0 + 0.2, shot.1 - 0.2), (shot.1 - 0.026, shot.1 - 0.006)]
        {
            let off = phase(at, to, shot) - usual;
            assert!(off.abs() < 0.11, "{off} rad off from {at} to {to} s in {shot:?}");
        }
    }
}

#[test]
fn no_join_clicks_or_leaves_a_hole() {
    // Tones that are loud and low: a step in them is heard far above.
    let space = Space::new();
    for (name, grey, hz) in
        [("a.mov", "0x202020", 310), ("b.mov", "0x808080", 470), ("c.mov", "0xd0d0d0", 230)]
    {
        clip(&space, name, grey, &format!("sine={hz}:d=8:r=48000,volume=8"));
    }
    space.movie(
        "media: [a.mov, b.mov, c.mov]\nduration: 9s\nstyle: {transitions: cut, titles: off}\n\
         constraints: {shot: 1s..2s, repeats: 3}\n",
    );
    let (heard, shots) = built(&space);
    assert!(shots.len() >= 5, "{shots:?}");
    // The fourth difference lets what is high pass, and nothing of the tones.
    let high: Vec<f32> =
        heard.windows(5).map(|s| s[0] - 4.0 * s[1] + 6.0 * s[2] - 4.0 * s[3] + s[4]).collect();
    let peak = |samples: &[f32]| samples.iter().map(|sample| sample.abs()).fold(0.0, f32::max);
    let loud = peak(&heard);
    for (_, cut, _) in &shots[..shots.len() - 1] {
        let click = peak(part(&high, cut - 0.02, cut + 0.02));
        assert!(click < 0.05 * loud, "a click of {click} at {cut} s, and the sound has {loud}");
        let (join, before) =
            (power_db(part(&heard, cut - 0.01, cut + 0.01)), power_db(part(&heard, cut - 0.3, cut - 0.1)));
        assert!((join - before).abs() < 3.0, "{before:.1} dB, and {join:.1} at the cut at {cut} s");
    }
}

#[test]
fn a_dissolve_keeps_the_level() {
    let space = Space::new();
    for (name, grey, seed) in [("a.mov", "0x202020", 1), ("b.mov", "0xb0b0b0", 2)] {
        clip(&space, name, grey, &format!("anoisesrc=r=48000:a=0.2:d=8:seed={seed}"));
    }
    space.movie("media: [a.mov, b.mov]\nduration: 8s\nstyle: {transitions: [dissolve], titles: off}\n");
    let (heard, shots) = built(&space);
    let frames = space.timeline()["shots"][1]["transition"]["frames"].as_f64().unwrap();
    assert!(frames >= 12.0, "{frames}");
    let cut = shots[1].0;
    let whole = power_db(part(&heard, 1.0, cut - 0.5));
    for n in -10..10 {
        let at = cut + f64::from(n) * 0.05;
        let level = power_db(part(&heard, at, at + 0.1));
        assert!(
            (level - whole).abs() < 1.0,
            "{whole:.2} dB, and {level:.2} at {:.2} s from the cut",
            at - cut
        );
    }
    // Both are heard in it: before its first frame and after its last there is one alone.
    let like = |at: f64, a: f64| {
        let (one, other) = (part(&heard, at, at + 0.1), part(&heard, a, a + 0.1));
        one.iter().zip(other).map(|(a, b)| f64::from(a * b)).sum::<f64>()
    };
    assert!(like(1.0, 1.0) > 0.0);
}

#[test]
fn voices_come_out_equally_loud() {
    let space = Space::new();
    for (name, gain) in [("near.mp4", "0dB"), ("far.mp4", "-18dB")] {
        ffmpeg(&[
            "-i",
            fixture("clips/rabbit.mp4").to_str().unwrap(),
            "-i",
            fixture("clips/speech.mp4").to_str().unwrap(),
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c:v",
            "copy",
            "-af",
            &format!("volume={gain}"),
            "-shortest",
            space.path(name).to_str().unwrap(),
        ]);
    }
    space.movie(
        "media:\n  - {path: near.mp4, required: true}\n  - {path: far.mp4, required: true}\nduration: 5s\n\
         style: {transitions: cut, titles: off}\nconstraints: {order: as-listed}\n",
    );
    let (heard, shots) = built(&space);
    // The voice begins at 0.75 s of the source and goes on to its end.
    let level = |(start, end, from): (f64, f64, f64)| {
        power_db(part(&heard, start + (0.8 - from).max(0.05), (end - 0.05).min(start + 2.7 - from)))
    };
    let (near, far) = (level(shots[0]), level(shots[1]));
    assert!((near - far).abs() < 3.0, "{near:.1} dB and {far:.1} dB, {shots:?}");
}

#[test]
fn rumble_goes_and_the_rest_stays() {
    let space = Space::new();
    let tones = |hz: [u32; 3]| hz.map(|hz| format!("0.1*sin(2*PI*{hz}*t)")).join("+");
    clip(&space, "a.mov", "0x808080", &format!("aevalsrc='{}':s=48000:d=8", tones([30, 200, 1000])));
    space.movie("media: a.mov\nduration: 4s\n");
    let (heard, _) = built(&space);
    let level = |hz: f64| tone(part(&heard, 0.5, 3.5), 0.0, hz).0;
    let (rumble, low, middle) = (level(30.0), level(200.0), level(1000.0));
    assert!(middle - rumble >= 12.0, "30 Hz has {rumble:.1} dB, 1 kHz {middle:.1}");
    assert!((middle - low).abs() < 1.0, "200 Hz has {low:.1} dB, 1 kHz {middle:.1}");
}
