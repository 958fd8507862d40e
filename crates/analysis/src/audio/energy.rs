use mmm_base::Score;
use mmm_facts::EnergyCurve;

use super::curves::quantile;

/// Values per second of the curve.
pub const ENERGY_HZ: u32 = 10;
/// Loudness up to this counts as silence, in LUFS.
const SILENT_LUFS: f64 = -60.0;
/// The least range mapped to the whole scale, in LU: flat tracks aren't stretched.
const LEAST_RANGE_LU: f64 = 14.0;
/// The largest range mapped to the scale, in LU: anything further below the loud parts counts as silent.
const MOST_RANGE_LU: f64 = 30.0;

/// Returns the loudness of each tenth of a second in LUFS, from the energies of blocks of 100 ms: the
/// K-weighted energy of 400 ms around it (momentary loudness of BS.1770, centred).
pub fn momentary(blocks: &[f64]) -> Vec<f64> {
    const WEIGHTS: [f64; 5] = [0.125, 0.25, 0.25, 0.25, 0.125];
    let at = |i: usize, k: usize| (i + k).checked_sub(2).and_then(|j| blocks.get(j)).unwrap_or(&0.0);
    (0..blocks.len())
        .map(|i| {
            let energy: f64 = WEIGHTS.iter().enumerate().map(|(k, weight)| weight * at(i, k)).sum();
            if energy > 1e-9 { -0.691 + 10.0 * energy.log10() } else { -90.0 }
        })
        .collect()
}

/// Scales `loudness` (LUFS, ten per second) to 0..=1. 1 is the loudest twentieth of the track. 0 is silence
/// or the quietest twentieth, limited to between 14 and 30 LU below the loudest.
pub fn energy_curve(loudness: &[f64]) -> EnergyCurve {
    let heard: Vec<f64> = loudness.iter().copied().filter(|lufs| *lufs > SILENT_LUFS).collect();
    let loud = quantile(&heard, 0.95);
    let quiet = quantile(&heard, 0.05).clamp(loud - MOST_RANGE_LU, loud - LEAST_RANGE_LU);
    let energy = |lufs: &f64| {
        let is_heard = !heard.is_empty() && *lufs > SILENT_LUFS;
        if is_heard { Score::new((lufs - quiet) / (loud - quiet)) } else { Score::ZERO }
    };
    EnergyCurve { rate_hz: ENERGY_HZ, values: loudness.iter().map(energy).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_rises_and_silence_stays_at_zero() {
        let ramp: Vec<f64> = (0..200).map(|i| 1e-4 * 1.05f64.powi(i)).collect();
        let curve = energy_curve(&momentary(&ramp));
        assert!(curve.values.windows(2).take(190).all(|pair| pair[0] <= pair[1]));
        assert_eq!(curve.values[0], Score::ZERO);
        assert_eq!(curve.values[195], Score::ONE);
        let silence = energy_curve(&momentary(&[0.0; 30]));
        assert!(silence.values.iter().all(|value| *value == Score::ZERO));
    }

    #[test]
    fn a_steady_piece_is_not_stretched() {
        let steady: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { 0.1 } else { 0.12 }).collect();
        let values = energy_curve(&momentary(&steady)).values;
        assert!(values[5..190].iter().all(|value| value.get() > 0.9));
    }
}
