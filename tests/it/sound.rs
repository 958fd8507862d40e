//! The sound of the finished movie at its cuts, and what is filtered out of clips.

use std::f64::consts::TAU;

use serde_json::Value;

use crate::measure::sound;
use crate::media::wav;
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

const HZ: usize = 48_000;

/// Returns the power of a tone in dBFS and its phase in radians. The first sample is at `start` seconds.
fn tone_power_and_phase(samples: &[f32], start: f64, tone_hz: f64) -> (f64, f64) {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        // A Hann window prevents leakage from other tones.
        let weight = 1.0 - (n as f64 / samples.len() as f64 * TAU).cos();
        let (sin, cos) = ((start + n as f64 / HZ as f64) * tone_hz * TAU).sin_cos();
        re += weight * f64::from(*sample) * sin;
        im += weight * f64::from(*sample) * cos;
    }
    let count = samples.len() as f64;
    (10.0 * (2.0 * (re * re + im * im) / (count * count)).log10(), im.atan2(re))
}

/// Returns the samples between two times in seconds.
fn samples_between(samples: &[f32], from: f64, to: f64) -> &[f32] {
    &samples[(from * HZ as f64).round() as usize..(to * HZ as f64).round() as usize]
}

/// Returns the power of samples in dBFS.
fn power_db(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    10.0 * (sum / samples.len() as f64).log10()
}

/// Writes a grey clip of 8 s whose sound comes from ffmpeg's source filter `sound`.
fn write_clip(space: &Space, name: &str, grey: &str, sound: &str) {
    let picture = format!("color=c={grey}:s=160x90:r=30:d=8,noise=alls=20:allf=t");
    let path = space.path(name);
    let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", sound, "-shortest"];
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"];
    ffmpeg(&[&inputs[..], &codecs, &[path.to_str().unwrap()]].concat());
}

/// Returns the start and the end of each shot in the movie, and its start in the source, in seconds.
fn shot_times(timeline: &Value) -> Vec<(f64, f64, f64)> {
    let shots = timeline["shots"].as_array().unwrap().iter();
    shots
        .map(|shot| {
            let frame = |name: &str| shot[name].as_f64().unwrap() / 30.0;
            (frame("start"), frame("start") + frame("frames"), shot["in"].as_f64().unwrap_or(0.0))
        })
        .collect()
}

/// Builds a draft, and returns its sound and the times of its shots.
fn build_sound(space: &Space) -> (Vec<f32>, Vec<(f64, f64, f64)>) {
    space.draft();
    (sound(&space.path("movie.draft.mp4"), HZ as u32), shot_times(&space.timeline()))
}

const TONE_HZ: f64 = 1500.0;

#[test]
fn music_keeps_its_phase_through_cuts_and_dissolves() {
    let space = Space::new();
    for photo in ["hill.jpg", "path.jpg", "bee.jpg", "astronaut.jpg"] {
        space.take(&format!("photos/{photo}"), photo);
    }
    let sine = |n: usize| (n as f64 / HZ as f64 * TONE_HZ * TAU).sin() * 8000.0;
    space.write("sine.wav", wav(HZ as u32, &(0..HZ * 12).map(|n| sine(n) as i16).collect::<Vec<_>>()));
    space.movie(
        "media: ./\nmusic: {path: sine.wav, from: 0s}\nduration: 8s\nstyle: {transitions: [cut, dissolve]}\n",
    );
    let (heard, shots) = build_sound(&space);
    assert!(shots.len() >= 3, "{shots:?}");
    let phases = (10..690)
        .map(|n| f64::from(n) / 100.0)
        .map(|at| tone_power_and_phase(samples_between(&heard, at, at + 0.02), at, TONE_HZ).1);
    let most = phases.map(f64::abs).fold(0.0, f64::max);
    assert!(most < 0.01, "the music is {most} rad off");
}

#[test]
fn the_sound_of_each_shot_starts_with_its_frames_to_the_sample() {
    let space = Space::new();
    for (name, grey) in [("a.mov", "0x202020"), ("b.mov", "0x808080"), ("c.mov", "0xd0d0d0")] {
        write_clip(&space, name, grey, "sine=1500:d=8:r=48000,volume=8");
    }
    space.movie(
        "media: [a.mov, b.mov, c.mov]\nduration: 9s\nstyle: {transitions: cut, titles: off}\n\
         constraints: {shot: 1s..2s, repeats: 3}\n",
    );
    let (heard, shots) = build_sound(&space);
    assert!(shots.len() >= 5, "{shots:?}");
    let phase = |at: f64, to: f64, (start, _, from): &(f64, f64, f64)| {
        let samples = samples_between(&heard, at, to);
        let first = (at * HZ as f64).round() / HZ as f64;
        tone_power_and_phase(samples, first - start + from, TONE_HZ).1
    };
    // The high-pass filter shifts every phase by the same amount; a sample is a fifth of a radian.
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
fn no_join_clicks_or_drops_out() {
    // The tones are loud and low, so a step in them would have power at much higher frequencies.
    let space = Space::new();
    for (name, grey, hz) in
        [("a.mov", "0x202020", 310), ("b.mov", "0x808080", 470), ("c.mov", "0xd0d0d0", 230)]
    {
        write_clip(&space, name, grey, &format!("sine={hz}:d=8:r=48000,volume=8"));
    }
    space.movie(
        "media: [a.mov, b.mov, c.mov]\nduration: 9s\nstyle: {transitions: cut, titles: off}\n\
         constraints: {shot: 1s..2s, repeats: 3}\n",
    );
    let (heard, shots) = build_sound(&space);
    assert!(shots.len() >= 5, "{shots:?}");
    // The fourth difference removes the tones and leaves high frequencies.
    let high: Vec<f32> =
        heard.windows(5).map(|s| s[0] - 4.0 * s[1] + 6.0 * s[2] - 4.0 * s[3] + s[4]).collect();
    let peak = |samples: &[f32]| samples.iter().map(|sample| sample.abs()).fold(0.0, f32::max);
    let loud = peak(&heard);
    for (_, cut, _) in &shots[..shots.len() - 1] {
        let click = peak(samples_between(&high, cut - 0.02, cut + 0.02));
        assert!(click < 0.05 * loud, "a click of {click} at {cut} s, and the sound has {loud}");
        let (join, before) = (
            power_db(samples_between(&heard, cut - 0.01, cut + 0.01)),
            power_db(samples_between(&heard, cut - 0.3, cut - 0.1)),
        );
        assert!((join - before).abs() < 3.0, "{before:.1} dB, and {join:.1} at the cut at {cut} s");
    }
}

#[test]
fn a_dissolve_keeps_the_level() {
    let space = Space::new();
    for (name, grey, seed) in [("a.mov", "0x202020", 1), ("b.mov", "0xb0b0b0", 2)] {
        write_clip(&space, name, grey, &format!("anoisesrc=r=48000:a=0.2:d=8:seed={seed}"));
    }
    space.movie("media: [a.mov, b.mov]\nduration: 8s\nstyle: {transitions: [dissolve], titles: off}\n");
    let (heard, shots) = build_sound(&space);
    let frames = space.timeline()["shots"][1]["transition"]["frames"].as_f64().unwrap();
    assert!(frames >= 12.0, "{frames}");
    let cut = shots[1].0;
    let whole = power_db(samples_between(&heard, 1.0, cut - 0.5));
    for n in -10..10 {
        let at = cut + f64::from(n) * 0.05;
        let level = power_db(samples_between(&heard, at, at + 0.1));
        assert!(
            (level - whole).abs() < 1.0,
            "{whole:.2} dB, and {level:.2} at {:.2} s from the cut",
            at - cut
        );
    }
    // Both clips can be heard in the middle of the crossfade.
    let middle = samples_between(&heard, cut - 0.05, cut + 0.05);
    for (name, (start, _, from)) in ["a.mov", "b.mov"].into_iter().zip(&shots) {
        let clip = sound(&space.path(name), HZ as u32);
        let at = from + cut - start;
        let similarity = correlation(middle, samples_between(&clip, at - 0.05, at + 0.05));
        assert!(similarity > 0.4, "{name}: {similarity:.2}");
    }
}

/// Returns the normalised correlation of samples: 1 for the same sound, 0 for unrelated noise.
fn correlation(one: &[f32], other: &[f32]) -> f64 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    product(one, other) / (product(one, one) * product(other, other)).sqrt()
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
    let (heard, shots) = build_sound(&space);
    // The voice begins at 0.75 s of the source and continues to its end.
    let level = |(start, end, from): (f64, f64, f64)| {
        power_db(samples_between(
            &heard,
            start + (0.8 - from).max(0.05),
            (end - 0.05).min(start + 2.7 - from),
        ))
    };
    let (near, far) = (level(shots[0]), level(shots[1]));
    assert!((near - far).abs() < 3.0, "{near:.1} dB and {far:.1} dB, {shots:?}");
}

#[test]
fn rumble_is_filtered_and_the_rest_stays() {
    let space = Space::new();
    let tones = |hz: [u32; 3]| hz.map(|hz| format!("0.1*sin(2*PI*{hz}*t)")).join("+");
    write_clip(&space, "a.mov", "0x808080", &format!("aevalsrc='{}':s=48000:d=8", tones([30, 200, 1000])));
    space.movie("media: a.mov\nduration: 4s\n");
    let (heard, _) = build_sound(&space);
    let level = |hz: f64| tone_power_and_phase(samples_between(&heard, 0.5, 3.5), 0.0, hz).0;
    let (rumble, low, middle) = (level(30.0), level(200.0), level(1000.0));
    assert!(middle - rumble >= 12.0, "30 Hz has {rumble:.1} dB, 1 kHz {middle:.1}");
    assert!((middle - low).abs() < 1.0, "200 Hz has {low:.1} dB, 1 kHz {middle:.1}");
}
