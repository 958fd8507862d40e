use std::f64::consts::TAU;

use proptest::prelude::*;

use super::{BeatAnalyst, BeatEar, FormAnalyst};
use mmm_base::Score;
use mmm_facts::{EventKind, MusicFacts};

const RATE: f64 = BeatAnalyst::RATE_HZ as f64;

/// Returns the facts of `seconds` of a one-channel signal.
fn facts(seconds: f64, signal: impl Fn(f64) -> f64) -> MusicFacts {
    let samples: Vec<f32> = (0..(seconds * RATE) as usize)
        .flat_map(|i| [signal(i as f64 / RATE) as f32; BeatAnalyst::CHANNELS])
        .collect();
    heard(&samples.chunks(2000).collect::<Vec<_>>())
}

/// Returns the facts of samples that come in blocks.
fn heard(blocks: &[&[f32]]) -> MusicFacts {
    let mut beats = BeatAnalyst::new(BeatEar::built_in());
    blocks.iter().for_each(|block| beats.samples(block));
    let beat = beats.finish().unwrap();
    let mut form = FormAnalyst::new(beat.beats.clone());
    blocks.iter().for_each(|block| form.samples(block));
    MusicFacts { beat, form: form.finish() }
}

/// Returns a short decaying tone every `60 / bpm` seconds from `first` on.
fn clicks(bpm: f64, first: f64) -> impl Fn(f64) -> f64 {
    move |time| {
        let since = (time - first).rem_euclid(60.0 / bpm);
        if time < first { 0.0 } else { 0.6 * (-since * 120.0).exp() * (TAU * 1000.0 * since).sin() }
    }
}

/// Returns white noise that is the same on every run.
fn noise(time: f64) -> f64 {
    let mut state = (time * RATE) as u64 ^ 0x9E37_79B9_7F4A_7C15;
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((state ^ (state >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

#[test]
fn clicks_are_beats() {
    for bpm in [84.0, 100.0, 120.0, 128.0, 150.0] {
        let found = facts(25.0, clicks(bpm, 0.4));
        let tempo = f64::from(found.beat.tempo_milli_bpm) / 1000.0;
        assert!((tempo / bpm - 1.0).abs() < 0.02, "{bpm}: {tempo}, {}", found.beat.beats.len());
        let expected = ((25.0 - 0.4) * bpm / 60.0) as usize;
        assert!(found.beat.beats.len() + 2 >= expected && found.beat.beats.len() <= expected + 2, "{bpm}");
        // After the last click nothing indicates where beats are.
        for beat in found.beat.beats.iter().filter(|beat| beat.time.secs() < 24.3) {
            let beats = (beat.time.secs() - 0.4) * bpm / 60.0;
            let error = (beats - beats.round()) * 60.0 / bpm;
            assert!(error.abs() < 0.020, "{bpm}: {} is off by {error}", beat.time);
        }
        assert!(found.beat.confidence > Score::new(0.6), "{bpm}: {:?}", found.beat.confidence);
        assert!(found.form.onsets.len().abs_diff(expected) <= 2, "{bpm}: {}", found.form.onsets.len());
    }
}

#[test]
fn silence_has_nothing() {
    let found = facts(8.0, |_| 0.0);
    assert!(found.beat.beats.is_empty() && found.form.onsets.is_empty() && found.form.events.is_empty());
    assert_eq!(
        (found.form.loudness, found.beat.tempo_milli_bpm, found.beat.confidence),
        (None, 0, Score::ZERO)
    );
    assert!(found.form.energy.values.iter().all(|value| *value == Score::ZERO));
    assert_eq!(found.form.energy.values.len(), 80);
}

#[test]
fn noise_has_no_beat() {
    let found = facts(20.0, |time| 0.2 * noise(time));
    assert!(found.beat.confidence < Score::new(0.3), "{:?}", found.beat.confidence);
    assert!(found.form.loudness.is_some());
}

#[test]
fn a_sine_has_the_loudness_of_its_level() {
    // BS.1770: a sine of 997 Hz at full scale in one channel is −3.01 LKFS; in both channels at −20 dB it is
    // −20 LKFS.
    let found = facts(5.0, |time| 0.1 * (TAU * 997.0 * time).sin());
    assert!((found.form.loudness.unwrap() + 2000).abs() <= 10, "{:?}", found.form.loudness);
    assert_eq!(found.form.duration.micros(), 5_000_000);
}

#[test]
fn a_drop_is_an_event_and_a_section() {
    let loud = |time: f64| if time < 20.0 { 0.05 } else { 0.8 };
    let bass = |time: f64| 0.3 * (TAU * 80.0 * time).sin() + 0.1 * (TAU * 220.0 * time).sin();
    let found = facts(40.0, |time| loud(time) * (clicks(120.0, 0.0)(time) + bass(time)));
    let drops: Vec<f64> = found
        .form
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Drop)
        .map(|event| event.time.secs())
        .collect();
    assert_eq!(drops.len(), 1);
    assert!((drops[0] - 20.0).abs() < 0.05, "{drops:?}");
    assert!(found.form.sections.iter().any(|section| (section.start.secs() - 20.0).abs() < 0.05));
}

#[test]
fn damaged_samples_do_no_harm() {
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.5, f32::MIN_POSITIVE];
    let found = heard(&[&odd, &[1.0e9; 88_200], &[]]);
    assert!(found.beat.beats.is_empty());
    assert_eq!(found.form.duration.micros() / 1000, 1000);
}

#[test]
fn an_offset_changes_nothing() {
    let plain = facts(12.0, clicks(120.0, 0.5));
    let offset = facts(12.0, |time| clicks(120.0, 0.5)(time) + 0.3);
    assert_eq!(plain.beat.tempo_milli_bpm / 1000, offset.beat.tempo_milli_bpm / 1000);
    // The offset begins with a step, which may count as a beat.
    assert!(plain.beat.beats.len().abs_diff(offset.beat.beats.len()) <= 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_short_sound_has_facts(samples in proptest::collection::vec(proptest::num::f32::ANY, 0..9000)) {
        let found = heard(&samples.chunks(700).collect::<Vec<_>>());
        prop_assert!(found.beat.beats.windows(2).all(|pair| pair[0].time < pair[1].time));
        prop_assert!(found.form.sections.windows(2).all(|pair| pair[0].end == pair[1].start));
        prop_assert_eq!(found.form.energy.values.len(), (found.form.duration.micros() as u64).div_ceil(100_000) as usize);
    }
}
