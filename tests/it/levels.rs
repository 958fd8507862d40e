//! The loudness of the finished movie, and music under a voice.

use std::f64::consts::TAU;

use crate::measure::{loudness, probe, sound, stream};
use crate::media::wav;
use crate::space::{Space, fixture, passing_figures};
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

/// Returns noise between -1 and 1, the same each time.
fn noise() -> impl FnMut() -> f64 {
    let mut state = 1u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Returns songs whose peaks an encoder raises, at full scale: bursts like drums, a square wave, clipped noise,
/// single samples, and a tone whose peaks are between the samples.
fn harsh_songs() -> Vec<(&'static str, Vec<u8>)> {
    const RATE: f64 = 44_100.0;
    let mut random = noise();
    let seconds = |value: &mut dyn FnMut(f64) -> f64| {
        let samples: Vec<i16> = (0..(RATE * 3.0) as usize)
            .map(|n| (value(n as f64 / RATE).clamp(-1.0, 1.0) * 32_767.0) as i16)
            .collect();
        wav(RATE as u32, &samples)
    };
    let since = |at: f64, every: f64| at.rem_euclid(every);
    vec![
        ("drums", seconds(&mut |at| random() * 4.0 * (-since(at, 0.25) * 25.0).exp())),
        ("square", seconds(&mut |at| (at * 110.0 * TAU).sin().signum() * f64::from(since(at, 0.5) < 0.3))),
        ("clipped", {
            let mut random = noise();
            seconds(&mut |_| random() * 6.0)
        }),
        ("clicks", seconds(&mut |at| f64::from(since(at, 0.2) < 1.0 / RATE))),
        ("between", seconds(&mut |at| (at * RATE / 4.0 * TAU + TAU / 8.0).sin() * 1.4)),
    ]
}

#[test]
fn the_true_peak_holds_in_the_decoded_file_at_every_loudness() {
    let space = Space::with_photos(&["hill"]);
    for (name, song) in harsh_songs() {
        space.write("song.wav", song);
        for asked in [-14.0, -10.0, -5.0] {
            space.movie(&format!(
                "media: photos/\nmusic: song.wav\nduration: 2s\nrate: 30\nstyle:\n  loudness: {asked:.0} LUFS\n"
            ));
            let ran = space.draft();
            let (level, peak) = loudness(&space.path("movie.draft.mp4"));
            assert!(peak <= -1.0, "{name} at {asked}: {peak} dBTP, {level} LUFS");
            let warns = ran.codes().contains(&"mmm::render::loudness".to_owned());
            // Players measure to a tenth.
            assert!(
                warns || (level - asked).abs() <= 0.6,
                "{name}: {level} LUFS for {asked}, without a word"
            );
            assert!(
                !warns || (level - asked).abs() >= 0.4,
                "{name}: {level} LUFS for {asked}, and a warning"
            );
            if warns {
                let found = ran.diagnostic("mmm::render::loudness");
                let message = found["message"].as_str().unwrap();
                assert!(message.contains(&format!("instead of {asked:.0} LUFS")), "{message}");
                assert_eq!(found["labels"][0]["line"], 6, "{found}");
                let told: f64 =
                    message.split("has ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
                assert!((told - level).abs() <= 0.3, "{message}: {level}");
                // A build that renders nothing warns, too.
                assert!(space.draft().codes().contains(&"mmm::render::loudness".to_owned()));
            }
        }
    }
}

#[test]
fn what_an_encoder_does_to_the_loudness_is_corrected() {
    const RATE: f64 = 48_000.0;
    let space = Space::with_photos(&["hill"]);
    let mut random = noise();
    let samples = |value: &mut dyn FnMut(f64) -> f64| -> Vec<i16> {
        let times = (0..(RATE * 6.0) as usize).map(|n| n as f64 / RATE);
        times.map(|at| (value(at).clamp(-1.0, 1.0) * 32_767.0) as i16).collect()
    };
    let tone = |at: f64, hz: f64| (at * hz * TAU).sin();
    // AAC leaves out the highest frequencies of the noise, and raises the peak of the burst. The offset of the
    // tone is not heard, and its peaks take the headroom.
    let songs = [
        ("noise", -16.0, samples(&mut |_| random())),
        ("burst", -16.0, {
            let mut random = noise();
            let is_burst = |at: f64| (2.0..2.05).contains(&at);
            samples(&mut |at| if is_burst(at) { random() } else { tone(at, 440.0) * 0.002 })
        }),
        ("offset", -14.0, samples(&mut |at| 0.5 + tone(at, 300.0) * 0.05)),
    ];
    for (name, asked, samples) in songs {
        space.write("song.wav", wav(RATE as u32, &samples));
        space.movie(&format!(
            "media: photos/\nmusic: song.wav\nduration: music\nrate: 24\n\
             style: {{loudness: {asked:.0} LUFS, photos: still}}\n"
        ));
        let ran = space.draft();
        let (level, peak) = loudness(&space.path("movie.draft.mp4"));
        assert!((level - asked).abs() <= 0.6, "{name}: {level} LUFS for {asked}, {peak} dBTP");
        assert!(peak <= -1.0, "{name}: {peak} dBTP");
        assert!(!ran.codes().contains(&"mmm::render::loudness".to_owned()), "{name}");
    }
}

#[test]
fn the_true_peak_holds_in_every_container() {
    let space = Space::with_photos(&["hill"]);
    let (_, drums) = harsh_songs().swap_remove(0);
    space.write("song.wav", drums);
    space.movie(
        "media: photos/\nmusic: song.wav\nduration: 2s\nrate: 24\nstyle: {loudness: -10 LUFS, photos: still}\n\
         outputs: {m.webm: {}, m.mov: {}, m.mp4: {}}\n",
    );
    space.run(&["build", "--json"]).expect_success();
    for name in ["m.webm", "m.mov", "m.mp4"] {
        let (level, peak) = loudness(&space.path(name));
        assert!(peak <= -1.0, "{name}: {peak} dBTP, {level} LUFS");
        let review = space.run(&["review", name, "--json"]).review_event();
        assert!(passing_figures(&review).contains(&"true peak".to_owned()), "{review}");
    }
}

#[test]
fn a_movie_that_cannot_be_loud_enough_is_a_warning() {
    let space = Space::with_photos(&["hill"]);
    let faint = |n: i32| (f64::from(n) / 44_100.0 * 440.0 * TAU).sin() * 3.0;
    for (samples, told) in [
        (vec![0; 44_100 * 4], "is silent instead of -14 LUFS"),
        ((0..44_100 * 4).map(|n| faint(n) as i16).collect(), "instead of -14 LUFS"),
    ] {
        space.write("song.wav", wav(44_100, &samples));
        space.movie("media: photos/\nmusic: song.wav\nduration: 3s\n");
        let found = space.draft().diagnostic("mmm::render::loudness");
        assert_eq!(found["severity"], "warning");
        assert!(found["message"].as_str().unwrap().contains(told), "{found}");
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
