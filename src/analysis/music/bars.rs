use super::curves::{mean, moving_mean};
use super::offbeat::bass_struck;
use super::pulse::HOP_S;
use super::spectrum::Colour;

/// Beats in a bar, unless something says otherwise.
pub const METER: usize = 4;
/// Beats over which the phase of the bars has to be the same.
const STRETCH: usize = 32;
/// Bars are known where the first beats stand out this many standard errors, …
const LEAST_STANDING: f64 = 4.0;
/// … and the same phase wins in this part of the stretches.
const LEAST_STEADY: f64 = 0.7;
/// How much a change of harmony counts beside an accent in the bass.
const HARMONY: f64 = 1.0;

/// Which of the first [`METER`] beats is the first of a bar; none where the music does not say.
///
/// A bar begins where the bass is struck (`bass` is the energy below 150 Hz at each hop) and
/// where the harmony changes: Goto, "An audio-based real-time beat tracking system", 2001.
/// `beats` are in hops.
pub fn downbeat_phase(beats: &[f64], bass: &[f32], colours: &[Colour]) -> Option<usize> {
    if beats.len() < 2 * STRETCH {
        return None;
    }
    let struck: Vec<f64> = beats.iter().map(|beat| bass_struck(bass, *beat)).collect();
    let changed: Vec<f64> = beats.windows(2).map(|pair| harmony_change(colours, pair[0], pair[1])).collect();
    let changed = standard(&changed);
    let accents: Vec<f64> = standard(&struck)
        .iter()
        .enumerate()
        .map(|(i, accent)| accent + HARMONY * changed.get(i).unwrap_or(&0.0))
        .collect();
    let phase = best_phase(&accents);
    let stretches: Vec<usize> = accents.chunks_exact(STRETCH).map(best_phase).collect();
    let steady = stretches.iter().filter(|found| **found == phase).count() as f64;
    let holds = standing(&accents, phase) > LEAST_STANDING && steady > LEAST_STEADY * stretches.len() as f64;
    holds.then_some(phase)
}

/// The distance of the harmonies of the spectra before and after a beat.
fn harmony_change(colours: &[Colour], beat: f64, next: f64) -> f64 {
    let chroma = |from: f64, to: f64| {
        let index = |hop: f64| ((hop * HOP_S * 10.0).max(0.0) as usize).min(colours.len());
        let mut sum = [0.0f64; 12];
        for colour in &colours[index(from)..index(to)] {
            sum.iter_mut().zip(colour.chroma).for_each(|(sum, share)| *sum += f64::from(share));
        }
        let total: f64 = sum.iter().sum();
        sum.map(|share| if total > 0.0 { share / total } else { 0.0 })
    };
    let (before, after) = (chroma(2.0 * beat - next, beat), chroma(beat, next));
    before.iter().zip(&after).map(|(a, b)| (a - b).abs()).sum()
}

/// `values` less their local mean, in units of their spread.
fn standard(values: &[f64]) -> Vec<f64> {
    let floor = moving_mean(values, METER);
    let above: Vec<f64> = values.iter().zip(&floor).map(|(value, floor)| value - floor).collect();
    let spread = mean(&above.iter().map(|value| value * value).collect::<Vec<_>>()).sqrt();
    if spread > 1e-9 { above.iter().map(|value| value / spread).collect() } else { vec![0.0; above.len()] }
}

fn best_phase(accents: &[f64]) -> usize {
    let strength = |phase: usize| mean(&every(accents, phase));
    (0..METER).max_by(|a, b| strength(*a).total_cmp(&strength(*b)).then(b.cmp(a))).unwrap_or(0)
}

fn every(accents: &[f64], phase: usize) -> Vec<f64> {
    accents.iter().skip(phase).step_by(METER).copied().collect()
}

/// How many standard errors the beats of `phase` stand above the next best.
fn standing(accents: &[f64], phase: usize) -> f64 {
    let own = every(accents, phase);
    let other = (0..METER)
        .filter(|other| *other != phase)
        .map(|other| mean(&every(accents, other)))
        .fold(f64::MIN, f64::max);
    let centre = mean(&own);
    let spread = mean(&own.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>()).sqrt();
    (centre - other) / (spread / (own.len() as f64).sqrt() + 1e-9)
}
