use crate::audio::curves::{moving_max, sums};
use crate::audio::track::SpectralTrack;

/// Frames on both sides over which the flux is averaged (half a second).
const MEAN_SIDE: usize = 25;
/// Frames on both sides over which its peaks are compared (a second and a half).
const PEAK_SIDE: usize = 75;
/// The least reference for peaks, as a share of the track's highest.
const LEAST_PEAK: f64 = 0.15;
/// The share of the activation that counts as downbeat.
const DOWNBEAT: f64 = 0.2;

/// Returns an activation without a model: how far the flux rises above its mean, relative to the highest such
/// rise nearby. The square root is used, because soft beats are beats too: it found four in five beats, the
/// rise itself two in three.
pub fn flux_activation(track: &SpectralTrack) -> Vec<[f64; 2]> {
    let flux: Vec<f64> = track.flux.iter().map(|value| f64::from(*value)).collect();
    let sums = sums(&flux);
    let over: Vec<f64> = (0..flux.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(MEAN_SIDE), (i + MEAN_SIDE + 1).min(flux.len()));
            (flux[i] - (sums[to] - sums[from]) / (2 * MEAN_SIDE + 1) as f64).max(0.0)
        })
        .collect();
    let floor = LEAST_PEAK * over.iter().fold(0.0f64, |a, b| a.max(*b)) + 1e-6;
    let peaks = moving_max(&over, PEAK_SIDE);
    over.iter()
        .zip(&peaks)
        .map(|(over, peak)| {
            let share = 0.95 * (over / peak.max(floor)).clamp(0.0, 1.0).sqrt();
            [(1.0 - DOWNBEAT) * share, DOWNBEAT * share]
        })
        .collect()
}
