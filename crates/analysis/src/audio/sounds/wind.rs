use super::moment::SoundMoment;
use super::region::{Region, Rule, regions};
use super::syllables::deviation;

/// Softer wind is harmless, in dBFS.
const HEARD_DB: f32 = -50.0;
/// The least share of energy below 200 Hz. Wind on a microphone has its energy at the bottom of the spectrum
/// and falls off steeply; voices have theirs higher up: C. M. Nelke, N. Chatlani, C. Beaugeant, P. Vary,
/// "Single microphone wind noise PSD estimation using signal centroids", ICASSP 2014.
const LEAST_LOW: f32 = 0.7;
/// The largest share of energy above 500 Hz.
const MOST_HIGH: f32 = 0.05;
/// The least logarithm of flatness: below it there is a tone, a hum or a bass.
const LEAST_FLATNESS: f32 = -1.3;
/// Gusts: the least deviation of the level in dB over `AROUND` moments on either side. Steady low rumble
/// stays below it.
const LEAST_GUSTS_DB: f64 = 2.0;
/// Moments in two seconds.
const AROUND: usize = 20;
/// Moments over which the level is averaged before its deviation is measured (half a second), so that random
/// variation of the spectrum doesn't count as gusts.
const SMOOTH: usize = 5;
/// At least a second; a lull of a second doesn't interrupt wind.
const RULE: Rule = Rule { open: 0.85, close: LEAST_LOW, gap: 10, least: 10 };

/// Returns where wind blows on the microphone, in moments; `mean` is a confidence, 0..=1.
pub fn winds(moments: &[SoundMoment]) -> Vec<Region> {
    let low: Vec<f32> = moments.iter().map(|moment| if is_low(moment) { moment.low } else { 0.0 }).collect();
    let smooth = smooth_db(moments);
    let gusty = |i: usize| gusts_db(&smooth, &low, i) >= LEAST_GUSTS_DB;
    let windy: Vec<f32> =
        (0..low.len()).map(|i| if low[i] > 0.0 && gusty(i) { low[i] } else { 0.0 }).collect();
    regions(&windy, &RULE)
}

/// Whether a moment sounds like wind, regardless of gusts.
fn is_low(moment: &SoundMoment) -> bool {
    moment.level_db >= HEARD_DB
        && moment.low >= LEAST_LOW
        && moment.high <= MOST_HIGH
        && moment.flatness >= LEAST_FLATNESS
}

/// Returns the level of the half second around each moment, in dBFS.
fn smooth_db(moments: &[SoundMoment]) -> Vec<f64> {
    let energy = |moment: &SoundMoment| 10f64.powf(f64::from(moment.level_db) / 10.0);
    let mean = |i: usize| {
        let around = &moments[i.saturating_sub(SMOOTH / 2)..(i + SMOOTH / 2 + 1).min(moments.len())];
        around.iter().map(energy).sum::<f64>() / around.len() as f64
    };
    (0..moments.len()).map(|i| 10.0 * mean(i).log10()).collect()
}

/// Returns the deviation of the level around moment `at`, over the moments that sound like wind.
fn gusts_db(smooth: &[f64], low: &[f32], at: usize) -> f64 {
    let around = at.saturating_sub(AROUND)..(at + AROUND + 1).min(smooth.len());
    let levels: Vec<f64> = around.filter(|i| low[*i] > 0.0).map(|i| smooth[i]).collect();
    deviation(&levels)
}
