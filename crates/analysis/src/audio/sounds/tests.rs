use std::f64::consts::TAU;

use super::analyst::SoundAnalyst;
use super::frame::Frames;
use super::listener::{EventListener, Probabilities};
use super::mel::{BANDS, FRAME, MelBands, STEP};
use super::mel_scaling::scaled;
use super::rate::RATE_HZ;
use super::voices::voices;
use crate::net::{Net, Tensor};
use mmm_facts::Model;
use mmm_facts::{SoundKind, SoundStretch};

const FEATURES: &str = include_str!("../../../../../models/fixtures/aed-features.tsv");
const ANSWERS: &str = include_str!("../../../../../models/fixtures/aed.tsv");

fn net() -> &'static Net {
    Net::get(Model::AudioEvents).unwrap()
}

/// Parses the rows of a table; lines with # are comments.
fn table(text: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| line.split('\t').map(|number| number.parse().unwrap()).collect();
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// Returns white noise, ±1.
fn white() -> impl FnMut() -> f64 {
    let mut seed = 1u32;
    move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed >> 8) / f64::from(1 << 23) - 1.0
    }
}

/// Returns bursts of noise, 120 per minute, over a sawtooth of 220 Hz, as described at the top of the
/// fixtures; 3 s.
fn tune() -> Vec<f32> {
    let (mut white, burst) = (white(), f64::from(RATE_HZ / 25));
    let sample = |n: u32| {
        let saw = f64::from(n * 220 % RATE_HZ) / f64::from(RATE_HZ) - 0.5;
        let (at, noise) = (f64::from(n % (RATE_HZ / 2)), white());
        (0.1 * saw + if at < burst { 0.6 * (1.0 - at / burst) * noise } else { 0.0 }) as f32
    };
    (0..3 * RATE_HZ).map(sample).collect()
}

/// Returns white noise of this level in dBFS.
fn hiss(secs: f64, level_db: f64) -> Vec<f32> {
    let (mut white, gain) = (white(), 10f64.powf(level_db / 20.0) * 3f64.sqrt());
    (0..(secs * f64::from(RATE_HZ)) as usize).map(|_| (gain * white()) as f32).collect()
}

/// Returns white noise through two low-pass filters at 50 Hz, with a level that varies by ±`gusts_db` every
/// 2.5 s.
fn rumble(secs: f64, gusts_db: f64) -> Vec<f32> {
    let (mut white, mut low, mut lower) = (white(), 0.0, 0.0);
    let sample = |n: usize| {
        low += 0.02 * (white() - low);
        lower += 0.02 * (low - lower);
        let swing = gusts_db * (TAU * n as f64 / (2.5 * f64::from(RATE_HZ))).sin();
        (lower * 2.0 * 10f64.powf(swing / 20.0)) as f32
    };
    (0..(secs * f64::from(RATE_HZ)) as usize).map(sample).collect()
}

fn heard(net: Option<&'static Net>, parts: &[Vec<f32>]) -> Vec<SoundStretch> {
    let mut analyst = SoundAnalyst::new(net);
    parts.concat().chunks(1234).for_each(|block| analyst.samples(block));
    analyst.finish().unwrap()
}

/// Returns kind, start and end, in whole tenths of a second.
fn tenths(stretches: &[SoundStretch]) -> Vec<(SoundKind, i64, i64)> {
    let tenth = |time: mmm_base::Time| (time.micros() + 50_000) / 100_000;
    stretches.iter().map(|stretch| (stretch.kind, tenth(stretch.start), tenth(stretch.end))).collect()
}

#[test]
fn the_bands_and_the_answers_are_those_of_the_fixture() {
    let (mut mel, mut frames, mut bands) = (MelBands::new(), Frames::new(FRAME, STEP), Vec::new());
    frames.samples(&tune(), |frame| bands.push(mel.bands(frame)));
    for row in table(FEATURES) {
        let found = bands[row[0] as usize];
        let difference = found.iter().zip(&row[1..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(difference < 2e-3, "frame {}: {difference}", row[0]);
    }
    let mut listener = EventListener::new(net());
    bands.iter().for_each(|bands| listener.frame(&scaled(bands)));
    let (answers, expected) = (listener.finish().unwrap(), table(ANSWERS));
    assert_eq!(answers.len(), expected.len());
    for (answer, row) in answers.iter().zip(expected) {
        let difference = answer.iter().zip(row).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
        assert!(difference < 1e-3, "{difference}");
    }
}

#[test]
fn a_minute_at_a_time_gives_what_the_whole_gives() {
    let mut white = white();
    let frames: Vec<[f32; BANDS]> = (0..6500).map(|_| std::array::from_fn(|_| white() as f32)).collect();
    let mut listener = EventListener::new(net());
    frames.iter().for_each(|frame| listener.frame(frame));
    let answers = listener.finish().unwrap();
    let whole = Tensor::new(&[1, frames.len(), BANDS], frames.concat());
    let whole = net().run(&[("feat", &whole)], &["probs"]).unwrap().remove(0).values;
    assert_eq!(answers.len(), frames.len());
    let difference = answers.as_flattened().iter().zip(whole).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(difference < 1e-5, "{difference}");
}

#[test]
fn speech_comes_in_syllables() {
    let answers: Vec<Probabilities> = vec![[0.6, 0.0, 0.0]; 100];
    let swing = |depth: f32| -> Vec<_> { (0..100).map(|i| [depth * (i as f32 * 0.3).sin(); 8]).collect() };
    let (rain, words) = (swing(0.3), swing(1.5));
    assert!(voices(&answers, &rain).is_empty());
    assert!(voices(&vec![[0.6, 0.0, 0.9]; 100], &words).iter().all(|(kind, _)| *kind == SoundKind::Music));
    let found = voices(&answers, &words);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0, found[0].1.first, found[0].1.end), (SoundKind::Speech, 0, 100));
    assert!((found[0].1.mean - 0.6).abs() < 1e-6);
}

#[test]
fn silence_noise_and_wind_are_told_apart_with_and_without_the_net() {
    let clip = [hiss(2.0, -75.0), hiss(4.0, -20.0), vec![0.0; 16_000], rumble(6.0, 8.0), hiss(2.0, -40.0)];
    for net in [None, Some(net())] {
        let found = tenths(&heard(net, &clip));
        let [first, noise, second, wind] = found[..] else { panic!("{found:?}") };
        assert_eq!((first, second), ((SoundKind::Silence, 0, 20), (SoundKind::Silence, 60, 70)));
        assert_eq!(noise.0, SoundKind::Noise);
        assert!(noise.1.abs_diff(20) <= 1 && noise.2.abs_diff(60) <= 2, "{noise:?}");
        assert_eq!(wind.0, SoundKind::Wind);
        assert!(wind.1.abs_diff(70) <= 3 && wind.2.abs_diff(130) <= 3, "{wind:?}");
    }
}

#[test]
fn steady_rumble_is_noise_and_no_wind_and_a_tone_is_neither() {
    assert_eq!(tenths(&heard(None, &[rumble(6.0, 0.0)])), [(SoundKind::Noise, 0, 59)]);
    let tone: Vec<f32> = (0..64_000).map(|i| (i as f32 * 0.2).sin() * 0.5).collect();
    assert_eq!(heard(None, &[tone]), []);
}

#[test]
fn any_samples_are_taken() {
    for net in [None, Some(net())] {
        for clip in [vec![], vec![0.5], vec![f32::NAN; 700], vec![f32::INFINITY; 3000], vec![f32::MAX; 401]] {
            assert_eq!(heard(net, &[clip]), []);
        }
        assert_eq!(tenths(&heard(net, &[vec![f32::NAN; 16_000]])), [(SoundKind::Silence, 0, 10)]);
    }
}
