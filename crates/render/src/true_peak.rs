/// Measures the peak between samples with fourfold oversampling by the filter of ITU-R BS.1770-4, annex 2 (12
/// taps for each of 4 phases).
#[derive(Clone, Debug)]
pub(super) struct TruePeak {
    /// The last 12 samples of each channel, newest last.
    past: [[f32; 12]; 2],
}

const PHASES: [[f32; 12]; 2] = [
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
        Self { past: [[0.0; 12]; 2] }
    }

    /// Returns the largest level of both channels around the sample [`Self::DELAY`] before this one.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> f32 {
        let mut peak = 0.0f32;
        for (past, sample) in self.past.iter_mut().zip(frame) {
            past.rotate_left(1);
            past[11] = sample;
            peak = peak.max(past[11 - Self::DELAY].abs()).max(past[10 - Self::DELAY].abs());
            for phase in &PHASES {
                // The other two phases are these two in reverse.
                let ahead: f32 = phase.iter().zip(past.iter().rev()).map(|(tap, value)| tap * value).sum();
                let back: f32 = phase.iter().zip(past.iter()).map(|(tap, value)| tap * value).sum();
                peak = peak.max(ahead.abs()).max(back.abs());
            }
        }
        peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
