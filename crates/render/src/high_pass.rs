use std::f64::consts::{SQRT_2, TAU};

use biquad::{Biquad, Coefficients, DirectForm2Transposed};

use mmm_facts::SAMPLE_RATE;

/// A second-order Butterworth high-pass filter: −3 dB at its frequency, falling by 12 dB per octave below.
///
/// It computes in 64 bits, because its poles are so close to 1 that rounding to 32 bits would be audible.
pub(super) struct HighPass {
    /// Left and right.
    sides: [DirectForm2Transposed<f64>; 2],
}

impl HighPass {
    /// Samples after which the initial state has no effect, at 80 Hz and above: 50 ms.
    pub(super) const SETTLED: u64 = 2400;

    /// Returns a filter at a frequency in Hz; `None` if that is 0, or half the sample rate or more.
    pub(super) fn at(hz: u32) -> Option<Self> {
        let possible = (1..SAMPLE_RATE / 2).contains(&hz);
        possible.then(|| Self { sides: [DirectForm2Transposed::new(coefficients(hz)); 2] })
    }

    /// Filters interleaved stereo samples that continue the previous ones.
    pub(super) fn filter(&mut self, samples: &mut [f32]) {
        for frame in samples.as_chunks_mut::<2>().0 {
            for (side, sample) in self.sides.iter_mut().zip(frame) {
                *sample = side.run(f64::from(*sample)) as f32;
            }
        }
    }
}

/// Returns R. Bristow-Johnson's high-pass coefficients with Q = 1/√2. They use `libm`, because biquad's own
/// constructor uses the system's sine.
fn coefficients(hz: u32) -> Coefficients<f64> {
    let (sin, cos) = libm::sincos(f64::from(hz) / f64::from(SAMPLE_RATE) * TAU);
    let alpha = sin / SQRT_2;
    let whole = 1.0 + alpha;
    let side = (1.0 + cos) / 2.0 / whole;
    Coefficients { a1: -2.0 * cos / whole, a2: (1.0 - alpha) / whole, b0: side, b1: -2.0 * side, b2: side }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the change of a tone's level in dB.
    fn change(filter_hz: u32, tone_hz: f64) -> f64 {
        let mut filter = HighPass::at(filter_hz).unwrap();
        let sample = |n: u32| (f64::from(n) * tone_hz * TAU / f64::from(SAMPLE_RATE)).sin() as f32;
        let mut samples: Vec<f32> = (0..SAMPLE_RATE).flat_map(|n| [sample(n), 0.0]).collect();
        samples.chunks_mut(1000).for_each(|block| filter.filter(block));
        assert!(samples.iter().skip(1).step_by(2).all(|right| *right == 0.0));
        let left = samples.iter().step_by(2).skip(SAMPLE_RATE as usize / 2);
        let power = left.map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / f64::from(SAMPLE_RATE / 2);
        10.0 * (power / 0.5).log10()
    }

    #[test]
    fn rumble_goes_and_voices_stay() {
        assert!((change(80, 80.0) + 3.0).abs() < 0.1, "{}", change(80, 80.0));
        assert!(change(80, 30.0) < -16.0, "{}", change(80, 30.0));
        assert!(change(80, 200.0) > -0.2, "{}", change(80, 200.0));
        assert!(change(120, 200.0) > -0.6, "{}", change(120, 200.0));
        assert!(change(120, 30.0) < -23.0, "{}", change(120, 30.0));
        assert!(change(80, 15_000.0).abs() < 0.01);
    }

    #[test]
    fn impossible_frequencies_are_no_filter() {
        assert!([0, 24_001, u32::MAX].into_iter().all(|hz| HighPass::at(hz).is_none()));
    }

    #[test]
    fn it_has_settled_when_it_says_so() {
        let mut filter = HighPass::at(80).unwrap();
        let mut samples = vec![1.0; HighPass::SETTLED as usize * 2];
        filter.filter(&mut samples);
        assert!(samples[samples.len() - 2].abs() < 1e-6);
    }
}
