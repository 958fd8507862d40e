//! The loudness of the finished movie, and music under a voice.

use std::f64::consts::TAU;

use crate::measure::{loudness, probe, sound, stream};
use crate::media::wav;
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

#[test]
fn sound_reaches_its_loudness_without_clipping() {
    let space = Space::holiday();
    for (asked, wanted) in [("-14 LUFS", -14.0), ("-20 LUFS", -20.0)] {
        space.movie(&format!(
            "media: [photos/]\nmusic: song.wav\nrate: 30\nduration: 8s\nstyle: {{loudness: {asked}}}\n"
        ));
        space.draft();
        let (level, peak) = loudness(&space.path("movie.draft.mp4"));
        assert!((level - wanted).abs() <= 0.5, "{level} LUFS for {asked}");
        assert!(peak <= -1.0, "{peak} dBTP");
    }
}

#[test]
fn the_sound_of_a_clip_without_music_lasts_as_long_as_its_frames() {
    let space = Space::new();
    space.take("clips/speech.mp4", "speech.mp4");
    space.movie("media: speech.mp4\nduration: 1.5s\n");
    space.draft();
    let probe = probe(&space.path("movie.draft.mp4"));
    // The clip has 25 fps: 1.5 s are 37.5 frames, rounded up to 38.
    assert_eq!(stream(&probe, "audio")["duration_ts"], 38 * 1920);
}

const HZ: f64 = 16_000.0;
const TONE_HZ: f64 = 3_000.0;

/// Returns the power of the tone, and of everything else, in dB.
fn tone_and_rest_db(samples: &[f32]) -> [f64; 2] {
    let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let (sin, cos) = (n as f64 / HZ * TONE_HZ * TAU).sin_cos();
        re += f64::from(*sample) * cos;
        im += f64::from(*sample) * sin;
        all += f64::from(*sample).powi(2);
    }
    let count = samples.len() as f64;
    let tone = 2.0 * (re * re + im * im) / (count * count);
    [10.0 * tone.log10(), 10.0 * (all / count - tone).max(1e-12).log10()]
}

#[test]
fn music_is_ducked_under_a_voice() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    // The recording begins at 0.5 s, its first word at 0.75 s; the picture has no cut.
    ffmpeg(&[
        "-i",
        fixture("clips/rabbit.mp4").to_str().unwrap(),
        "-i",
        fixture("clips/speech.mp4").to_str().unwrap(),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c",
        "copy",
        space.path("talk.mp4").to_str().unwrap(),
    ]);
    let tone = |n: i32| (f64::from(n) / 44_100.0 * TONE_HZ * TAU).sin() * 6_000.0;
    space.write("tone.wav", wav(44_100, &(0..44_100 * 30).map(|n| tone(n) as i16).collect::<Vec<_>>()));
    space.movie(
        "media:\n  - hill.jpg\n  - {path: talk.mp4, in: 0s, out: 3s}\n\
         music: tone.wav\nrate: 30\nduration: 8s\nconstraints: {order: as-listed}\n",
    );
    let clip = space.timeline()["shots"][1].clone();
    assert_eq!(clip["source"], "talk.mp4");
    let begins = clip["start"].as_f64().unwrap() / 30.0 + 0.75 - clip["in"].as_f64().unwrap();
    assert!(begins + 2.2 < 8.0, "the clip is too late: {clip}");
    space.draft();
    let heard = sound(&space.path("movie.draft.mp4"), HZ as u32);
    let part = |from: f64, to: f64| &heard[(from * HZ) as usize..(to * HZ) as usize];
    let [alone, _] = tone_and_rest_db(part(1.0, 2.0));
    let [under, voice] = tone_and_rest_db(part(begins + 0.2, begins + 2.2));
    assert!(alone - under > 15.0, "the music goes down from {alone:.1} to {under:.1} dB");
    assert!(voice - under >= 10.0, "the voice has {voice:.1} dB, the music {under:.1}");
    // The music is already ducked before the first word.
    let [before, _] = tone_and_rest_db(part(begins - 0.15, begins - 0.05));
    assert!(alone - before > 8.0, "{alone:.1} dB, and just before the voice {before:.1}");
}
