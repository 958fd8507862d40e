//! Music that fits the movie: exact shots, loops, crossfades, silent ends, and music that ends early.

use std::f64::consts::TAU;

use crate::measure::sound;
use crate::media::wav;
use crate::space::Space;

const HZ: usize = 48_000;
const PHOTOS: [&str; 4] = ["hill", "path", "bee", "astronaut"];
const ENDS_EARLY: &str = "mmm::music::ends-early";

/// Writes a song from stretches of seconds, each with the pitch of a steady tone in Hz; 0 for silence.
fn write_tones(space: &Space, name: &str, stretches: &[(f64, f64)]) {
    let mut samples: Vec<i16> = Vec::new();
    for (seconds, pitch) in stretches {
        let count = (seconds * HZ as f64) as usize;
        samples.extend((0..count).map(|n| ((n as f64 * pitch / HZ as f64 * TAU).sin() * 12_000.0) as i16));
    }
    space.write(name, wav(HZ as u32, &samples));
}

/// Returns the lengths of the shots in frames.
fn frames(space: &Space) -> Vec<i64> {
    let timeline = space.timeline();
    timeline["shots"].as_array().unwrap().iter().map(|shot| shot["frames"].as_i64().unwrap()).collect()
}

/// Builds a draft and returns the samples of its left channel.
fn heard(space: &Space) -> Vec<f32> {
    space.draft();
    sound(&space.path("movie.draft.mp4"), HZ as u32)
}

/// Returns the level of each 50 ms between two times, in dBFS.
fn levels(samples: &[f32], from: f64, to: f64) -> Vec<f64> {
    let part = &samples[(from * HZ as f64) as usize..(to * HZ as f64) as usize];
    let power = |block: &[f32]| {
        block.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / block.len() as f64
    };
    part.chunks_exact(HZ / 20).map(|block| 10.0 * power(block).max(1e-12).log10()).collect()
}

/// Returns the greatest change from one sample to the next between two times.
fn steepest(samples: &[f32], from: f64, to: f64) -> f32 {
    let part = &samples[(from * HZ as f64) as usize..(to * HZ as f64) as usize];
    part.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
}

#[test]
fn each_photo_lasts_exactly_three_seconds() {
    let space = Space::with_photos(&PHOTOS);
    space.clicks("song.wav", 120.0, 40.0);
    let exact = "constraints: {shot: 3s..3s";
    for rest in ["}\n", ", cut-on: free}\nmusic: song.wav\n", "}\nmusic: song.wav\n"] {
        space.movie(&format!("media: photos/\nrate: 30\n{exact}{rest}"));
        let found = frames(&space);
        assert!(found.iter().all(|frames| frames.abs_diff(90) <= 1), "{rest}: {found:?}");
        assert_eq!(found.len(), 4, "{rest}");
    }
}

#[test]
fn a_conflict_names_what_works() {
    let space = Space::with_photos(&PHOTOS[..1]);
    space.clicks("song.wav", 120.0, 45.0);
    space.movie("media: photos/\nmusic: song.wav\nduration: music\n");
    let run = space.run(&["plan", "--json"]).expect_exit(3);
    let help = run.diagnostic("mmm::plan::too-little")["help"].as_str().unwrap().to_owned();
    assert!(help.contains("add 2 media") && help.contains("repeats: 2"), "{help}");
    space.movie("media: photos/\nmusic: song.wav\nduration: music\nconstraints: {repeats: 2}\n");
    space.run(&["plan", "--json"]).expect_success();
    space.movie("media: photos/\nduration: 40s\nconstraints: {shot: 3s..3s, repeats: 50}\n");
    let help = space.run(&["plan", "--json"]).expect_exit(3).diagnostic("mmm::plan::music")["help"].clone();
    assert!(!help.as_str().unwrap().contains("free"), "{help}");
}

#[test]
fn music_that_ends_early_is_a_warning_and_a_loop_fills_the_movie() {
    let space = Space::with_photos(&PHOTOS);
    space.clicks("song.wav", 120.0, 7.4);
    space.movie("media: photos/\nmusic: song.wav\nduration: 20s\nrate: 30\n");
    for run in [space.run(&["check", "--json"]), space.draft()] {
        let warning = run.diagnostic(ENDS_EARLY);
        assert_eq!(warning["severity"], "warning");
        let help = warning["help"].as_str().unwrap();
        assert!(help.contains("loop: true") && help.contains("`duration`"), "{help}");
    }
    space.movie("media: photos/\nmusic: {path: song.wav, loop: true}\nduration: 20s\nrate: 30\n");
    let run = space.draft();
    assert!(!run.codes().iter().any(|code| code == ENDS_EARLY), "{:?}", run.codes());
    let timeline = space.timeline();
    assert!(timeline["music"].as_array().unwrap().len() >= 3, "{}", timeline["music"]);
    // The beats go on through each turn: half a second apart to the end.
    let starts = timeline["shots"].as_array().unwrap().iter().skip(1);
    let starts: Vec<f64> = starts.map(|shot| shot["start"].as_f64().unwrap() / 30.0).collect();
    let off = |start: &f64| (start * 2.0 - (start * 2.0).round()).abs() / 2.0;
    assert!(starts.iter().all(|start| off(start) < 0.05), "{starts:?}");
    let samples = sound(&space.path("movie.draft.mp4"), HZ as u32);
    let beats = (1..34).map(|beat| f64::from(beat) * 0.5);
    let loudest = |from: f64, to: f64| levels(&samples, from, to).into_iter().fold(-99.0, f64::max);
    let hit = loudest(0.3, 17.0);
    let quiet: Vec<f64> = beats.filter(|at| loudest(at - 0.03, at + 0.07) < hit - 10.0).collect();
    assert!(quiet.is_empty(), "no beat at {quiet:?}");
}

#[test]
fn a_loop_has_no_gap_and_no_click() {
    for (track, ends) in [("", 0.0), (", crossfade: 1s", 0.7), (", from: 1s, to: 4.3s", 0.0)] {
        let space = Space::with_photos(&PHOTOS);
        write_tones(&space, "tone.wav", &[(ends, 0.0), (5.12, 200.0), (ends, 0.0)]);
        space.movie(&format!(
            "media: photos/\nmusic: {{path: tone.wav, loop: true{track}}}\nduration: 20s\nrate: 30\n"
        ));
        let samples = heard(&space);
        let found = levels(&samples, 0.3, 17.5);
        let (least, most) = found
            .iter()
            .fold((0.0f64, -99.0f64), |(least, most), level| (least.min(*level), most.max(*level)));
        assert!(most > -30.0 && least > most - 12.0, "{track}: {least} to {most} dBFS");
        // A sine of this level changes by so much from sample to sample; two in phase by twice that.
        let amplitude = 2f64.sqrt() * 10f64.powf(found[4] / 20.0);
        let slope = amplitude * 200.0 / HZ as f64 * TAU;
        let steepest = f64::from(steepest(&samples, 0.3, 17.5));
        assert!(steepest < 2.2 * slope, "{track}: {steepest}, {slope} in the tone");
    }
}

#[test]
fn silent_ends_between_two_songs_are_not_heard() {
    let space = Space::with_photos(&PHOTOS);
    write_tones(&space, "a.wav", &[(6.0, 300.0), (2.5, 0.0)]);
    write_tones(&space, "b.wav", &[(2.5, 0.0), (6.0, 400.0), (3.0, 0.0)]);
    space.movie("media: photos/\nmusic: [a.wav, b.wav]\nduration: music\nrate: 30\n");
    let samples = heard(&space);
    let length = samples.len() as f64 / HZ as f64;
    assert!((length - 12.0).abs() < 0.1, "{length} s");
    let found = levels(&samples, 0.1, 11.9);
    assert!(found.iter().all(|level| *level > -40.0), "{found:.0?}");
    // What the spec says wins.
    space.movie(
        "media: photos/\nmusic: [{path: a.wav, to: 8.5s}, {path: b.wav, from: 1s, to: 8.5s}]\n\
         duration: music\nrate: 30\n",
    );
    let length = heard(&space).len() as f64 / HZ as f64;
    assert!((length - 15.98).abs() < 0.1, "{length} s");
}

#[test]
fn two_songs_cross_with_even_power() {
    let space = Space::with_photos(&PHOTOS);
    write_tones(&space, "a.wav", &[(8.0, 300.0)]);
    write_tones(&space, "b.wav", &[(8.0, 430.0)]);
    space.movie("media: photos/\nmusic: [{path: a.wav, crossfade: 2s}, b.wav]\nduration: music\nrate: 30\n");
    let samples = heard(&space);
    let length = samples.len() as f64 / HZ as f64;
    assert!((length - 14.0).abs() < 0.1, "{length} s");
    let found = levels(&samples, 4.0, 10.0);
    let usual = found[0];
    // Blocks of 50 ms hold whole beats of the two tones only roughly.
    assert!(found.iter().all(|level| (level - usual).abs() < 2.5), "{found:.1?}");
}

#[test]
fn required_media_are_planned_within_the_music_if_they_fit() {
    let space = Space::new();
    for number in 0..12 {
        let photo = PHOTOS[number % PHOTOS.len()];
        space.take(&format!("photos/{photo}.jpg"), &format!("photos/{number}.jpg"));
        space.add_comment(&format!("photos/{number}.jpg"));
    }
    space.clicks("song.wav", 120.0, 10.0);
    let media: String =
        (0..12).map(|number| format!("  - {{path: photos/{number}.jpg, required: true}}\n")).collect();
    space.movie(&format!("media:\n{media}music: song.wav\n"));
    let run = space.run(&["plan", "--json"]).expect_success();
    assert!(!run.codes().iter().any(|code| code == ENDS_EARLY), "{:?}", run.codes());
    assert_eq!(frames(&space).len(), 12);
    // Half a second each is the least: in five seconds they don't fit, and the movie is longer.
    space.clicks("song.wav", 120.0, 5.0);
    let run = space.run(&["plan", "--json"]).expect_success();
    let help = run.diagnostic(ENDS_EARLY)["help"].as_str().unwrap().to_owned();
    assert!(help.contains("require fewer media"), "{help}");
}

#[test]
fn mistakes_in_tracks_are_named() {
    let space = Space::with_photos(&PHOTOS);
    space.clicks("song.wav", 120.0, 10.0);
    space.clicks("more.wav", 120.0, 10.0);
    for (music, code, word) in [
        ("{path: song.wav, from: 5s, to: 4s}", "mmm::spec::bad-range", "`to` must be later"),
        ("{path: song.wav, to: 40s}", "mmm::plan::music", "`to` is outside of `song.wav`"),
        ("[{path: song.wav, loop: true}, more.wav]", "mmm::spec::bad-value", "`more.wav` is never heard"),
    ] {
        space.movie(&format!("media: photos/\nmusic: {music}\n"));
        let run = space.run(&["plan", "--json"]).expect_exit(3);
        let message = run.diagnostic(code)["message"].as_str().unwrap().to_owned();
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn a_loop_too_short_to_repeat_is_reported_at_its_key() {
    let space = Space::with_photos(&PHOTOS);
    write_tones(&space, "song.wav", &[(8.0, 440.0)]);
    let ended = |track: &str| {
        space.movie(&format!("media: photos/\nmusic: {{ path: song.wav, {track} }}\nduration: 10s\n"));
        space.run(&["plan"]).expect_success();
        let found = space.run(&["check", "--json"]).expect_success().events();
        found.into_iter().find(|event| event["code"] == ENDS_EARLY)
    };
    let short = ended("from: 7.5s, loop: true").expect("a warning").to_string();
    assert!(short.contains("too short to repeat") && !short.contains("repeat the track"), "{short}");
    let without = ended("from: 7.5s").expect("a warning").to_string();
    assert!(!without.contains("repeat the track"), "{without}");
    assert!(ended("from: 2s").expect("a warning").to_string().contains("repeat the track (`loop: true`"));
    assert_eq!(ended("from: 2s, loop: true"), None);
}

/// Writes 24 s of a low beat twice a second under noise of a level.
fn write_beat_in_noise(space: &Space, name: &str, level: f64) {
    let mut seed = 1u32;
    let samples = (0..24 * HZ).map(|n| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = f64::from(seed >> 8) / f64::from(1 << 23) - 1.0;
        let since_s = (n % (HZ / 2)) as f64 / HZ as f64;
        let beat = (-since_s / 0.01).exp() * (since_s * 80.0 * TAU).sin();
        ((level * noise + 0.85 * beat).clamp(-1.0, 1.0) * 32_000.0) as i16
    });
    space.write(name, wav(HZ as u32, &samples.collect::<Vec<i16>>()));
}

#[test]
fn uncertain_beats_are_a_warning_until_somebody_has_corrected_them() {
    let space = Space::with_photos(&PHOTOS);
    let warns = |beats: &str| {
        space.movie(&format!("media: photos/\nmusic: {{ path: song.wav{beats} }}\nduration: 6s\n"));
        let found = space.run(&["plan", "--json"]).expect_success().events();
        found.iter().any(|event| event["code"] == "mmm::music::unsure-beats")
    };
    let level = (5..10).map(|tenths| f64::from(tenths) * 0.05).find(|level| {
        write_beat_in_noise(&space, "song.wav", *level);
        warns("")
    });
    assert!(level.is_some(), "none of the songs has uncertain beats");
    for corrected in ["offset: 250ms", "multiply: 2", "first-downbeat: 1s"] {
        assert!(!warns(&format!(", beats: {{ {corrected} }}")), "{corrected}");
    }
}

#[test]
fn music_that_is_not_heard_is_reported_with_its_cause() {
    const SILENT: &str = "mmm::music::silent";
    let space = Space::with_photos(&PHOTOS);
    write_tones(&space, "pad.wav", &[(4.0, 0.0), (12.0, 300.0), (4.0, 0.0)]);
    write_tones(&space, "none.wav", &[(3.0, 0.0)]);
    write_tones(&space, "song.wav", &[(8.0, 300.0)]);
    let late = "nothing of `pad.wav` is heard from 17s: its sound ends at 16s";
    space.movie("media: photos/\nmusic: { path: pad.wav, from: 17s }\nduration: 6s\n");
    let warning = space.run(&["plan", "--json"]).expect_success().diagnostic(SILENT);
    assert_eq!(
        (warning["message"].as_str(), warning["help"].as_str()),
        (Some(late), Some("write an earlier `from`"))
    );
    space.movie("media: photos/\nmusic: { path: pad.wav, from: 17s }\nduration: music\n");
    let run = space.run(&["plan", "--json"]).expect_exit(3);
    assert_eq!(run.diagnostic("mmm::plan::music")["message"], late);
    assert!(!run.codes().iter().any(|code| code == SILENT), "{}", run.stdout);
    space.movie("media: photos/\nmusic: [{ path: pad.wav, to: 3s }, none.wav, song.wav]\nduration: 6s\n");
    let run = space.run(&["plan", "--json"]).expect_success();
    for message in
        ["nothing of `pad.wav` is heard up to 3s: its sound begins at 4s", "the track `none.wav` is silent"]
    {
        assert!(run.stdout.contains(message), "{message}: {}", run.stdout);
    }
}

#[test]
fn help_about_music_that_ends_early_names_the_cause_and_possible_lengths() {
    let space = Space::with_photos(&PHOTOS);
    write_tones(&space, "song.wav", &[(8.0, 300.0)]);
    write_tones(&space, "short.wav", &[(2.5, 300.0)]);
    let help = |music: &str| {
        space.movie(&format!("media: photos/\n{music}\n"));
        let warning = space.run(&["plan", "--json"]).expect_success().diagnostic(ENDS_EARLY);
        (warning["message"].as_str().unwrap().to_owned(), warning["help"].as_str().unwrap().to_owned())
    };
    let (_, found) = help("music: { path: song.wav, from: 2s, to: 2.05s, loop: true }\nduration: 20s");
    assert_eq!(found, "write an earlier `from`, or write a later `to`, or add another track");
    let (message, found) = help("music: { path: song.wav, from: 7.95s }");
    assert!(message.starts_with("only 0.05s of the music can be heard; the last "), "{message}");
    assert_eq!(found, "write an earlier `from`, or add another track");
    // Such short music doesn't shorten a movie without `duration`.
    let (_, found) = help("music: short.wav");
    let repeat = "repeat the track (`loop: true` beside its `path`)";
    assert_eq!(found, format!("{repeat}, or add another track, or set `duration` to `music`"));
}
