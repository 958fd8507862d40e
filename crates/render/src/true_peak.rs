/// Measures the peak between samples with fourfold oversampling by the filter of ITU-R BS.1770-4, annex 2 (12
/// taps for each of 4 phases).
#[derive(Clone, Debug)]
pub(super) struct TruePeak {
    /// The last 12 frames, newest last.
    past: [[f32; 2]; TAPS],
}

const TAPS: usize = 12;

/// Two of the phases; the other two are these in reverse.
const PHASES: [[f32; TAPS]; 2] = [
    [
        0.001_708_984_4,
        0.010_986_328,
        -0.019_653_32,
        0.033_203_125,
        -0.059_448_242,
        0.137_329_1,
        0.972_167_97,
        -0.102_294_92,
        0.047_607_422,
        -0.026_611_328,
        0.014_892_578,
        -0.008_300_781,
    ],
    [
        -0.029_174_805,
        0.029_296_875,
        -0.051_757_813,
        0.089_111_33,
        -0.166_503_9,
        0.465_087_9,
        0.779_785_16,
        -0.200_317_38,
        0.101_562_5,
        -0.058_227_54,
        0.033_081_055,
        -0.018_920_898,
    ],
];

impl TruePeak {
    /// The delay in samples until a peak is found.
    pub(super) const DELAY: usize = 6;

    pub(super) fn new() -> Self {
        Self { past: [[0.0; 2]; TAPS] }
    }

    /// Returns the largest level of both channels around the sample [`Self::DELAY`] before this one.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> f32 {
        self.past.copy_within(1.., 0);
        self.past[TAPS - 1] = frame;
        // Both phases of both channels are summed side by side, which processors do in one instruction.
        let (mut back, mut ahead) = ([0.0f32; 4], [0.0f32; 4]);
        let both_ways = self.past.iter().zip(self.past.iter().rev());
        for (tap, ([left, right], [late_left, late_right])) in both_ways.enumerate() {
            let taps = [PHASES[0][tap], PHASES[0][tap], PHASES[1][tap], PHASES[1][tap]];
            let (old, new) = ([left, right, left, right], [late_left, late_right, late_left, late_right]);
            for lane in 0..4 {
                back[lane] += taps[lane] * old[lane];
                ahead[lane] += taps[lane] * new[lane];
            }
        }
        let samples = [self.past[TAPS - 1 - Self::DELAY], self.past[TAPS - 2 - Self::DELAY]];
        let levels = back.iter().chain(&ahead).chain(samples.as_flattened());
        levels.fold(0.0, |peak, level| peak.max(level.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The level around the sample in the middle of 12, by the definition.
    fn level(past: &[f32]) -> f32 {
        let sum = |phase: &[f32; TAPS], past: &mut dyn Iterator<Item = &f32>| -> f32 {
            phase.iter().zip(past).map(|(tap, value)| tap * value).sum()
        };
        let phases = PHASES
            .iter()
            .flat_map(|phase| [sum(phase, &mut past.iter()), sum(phase, &mut past.iter().rev())]);
        phases.chain([past[4], past[5]]).fold(0.0, |peak, level| peak.max(level.abs()))
    }

    #[test]
    fn all_phases_of_both_channels_count() {
        let mut number = 1u32;
        let mut noise = || {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            number as f32 / u32::MAX as f32 - 0.5
        };
        let frames: Vec<[f32; 2]> =
            (0..500).map(|n| [noise(), noise() * if n % 50 < 25 { 0.1 } else { 2.0 }]).collect();
        let mut peak = TruePeak::new();
        let found: Vec<f32> = frames.iter().map(|frame| peak.push(*frame)).collect();
        for (window, found) in frames.windows(TAPS).zip(&found[TAPS - 1..]) {
            let of = |channel: usize| level(&window.iter().map(|frame| frame[channel]).collect::<Vec<_>>());
            assert_eq!(*found, of(0).max(of(1)));
        }
    }

    #[test]
    fn a_peak_between_the_samples_is_found() {
        // A sine at a quarter of the sample rate, 45° off: every sample is at 0.707 of the true peak.
        let mut peak = TruePeak::new();
        let found = (0..200).map(|n| {
            let value =
                (f32::from(n as u16) * std::f32::consts::FRAC_PI_2 + std::f32::consts::FRAC_PI_4).sin();
            peak.push([value, 0.0])
        });
        let most = found.skip(20).fold(0.0, f32::max);
        assert!((0.97..1.05).contains(&most), "{most}");
    }
}
