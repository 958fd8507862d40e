//! A sound whose samples are off zero: its peaks would use up the headroom without being heard.

use super::high_pass::HighPass;

/// The offset that counts, as a share of the RMS. In music, the mean is below a hundredth of it.
const CLEAR: f64 = 0.1;

/// Below this frequency in Hz, nothing is heard.
const BELOW_HZ: u32 = 10;

/// Samples of each side from which the offset at the start is taken: 50 ms.
const START: u64 = 2400;

/// Measures the offset of a stereo sound.
#[derive(Default)]
pub(super) struct DcOffset {
    frames: u64,
    sums: [f64; 2],
    squares: [f64; 2],
    /// The sums of the first samples.
    start: [f64; 2],
}

impl DcOffset {
    /// Takes interleaved stereo samples that continue the previous ones.
    pub(super) fn measure(&mut self, samples: &[f32]) {
        for frame in samples.as_chunks::<2>().0 {
            for (side, sample) in frame.iter().enumerate() {
                let sample = f64::from(*sample);
                self.sums[side] += sample;
                self.squares[side] += sample * sample;
                if self.frames < START {
                    self.start[side] += sample;
                }
            }
            self.frames += 1;
        }
    }

    /// Returns the offset at the start; `None` if the sound isn't clearly off zero.
    pub(super) fn at_start(&self) -> Option<[f32; 2]> {
        let count = self.frames.max(1) as f64;
        let is_off = |side: usize| {
            let mean = self.sums[side] / count;
            mean * mean > CLEAR * CLEAR * self.squares[side] / count
        };
        let first = self.frames.clamp(1, START) as f64;
        (is_off(0) || is_off(1)).then(|| self.start.map(|sum| (sum / first) as f32))
    }
}

/// Removes what is below 10 Hz.
pub(super) struct DcFilter {
    high_pass: HighPass,
    offset: [f32; 2],
}

impl DcFilter {
    /// Returns a filter that has settled on an offset, so that the sound starts without a click.
    pub(super) fn new(offset: [f32; 2]) -> Option<Self> {
        Some(Self { high_pass: HighPass::at(BELOW_HZ)?, offset })
    }

    pub(super) fn push(&mut self, [left, right]: [f32; 2]) -> [f32; 2] {
        let mut frame = [left - self.offset[0], right - self.offset[1]];
        self.high_pass.filter(&mut frame);
        frame
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    /// Returns 2 s of a tone with an amplitude of 0.1 on an offset, on the left side.
    fn tone(offset: f32) -> Vec<f32> {
        let sample = |n: u32| (f64::from(n) * 300.0 * TAU / 48_000.0).sin() as f32 * 0.1;
        (0..96_000).flat_map(|n| [sample(n) + offset, 0.0]).collect()
    }

    fn measured(samples: &[f32]) -> Option<[f32; 2]> {
        let mut offset = DcOffset::default();
        samples.chunks(1000).for_each(|block| offset.measure(block));
        offset.at_start()
    }

    #[test]
    fn an_offset_goes_without_a_click_and_the_tone_stays() {
        let samples = tone(0.5);
        let mut filter = DcFilter::new(measured(&samples).unwrap()).unwrap();
        for (found, wanted) in samples.as_chunks::<2>().0.iter().zip(tone(0.0).as_chunks::<2>().0) {
            let found = filter.push(*found);
            // The filter shifts the phase of the tone by 3 degrees.
            assert!((found[0] - wanted[0]).abs() < 0.01, "{} for {}", found[0], wanted[0]);
            assert!(found[1] == 0.0);
        }
    }

    #[test]
    fn music_and_silence_have_none() {
        assert_eq!(measured(&tone(0.0)), None);
        assert_eq!(measured(&tone(0.005)), None);
        assert!(measured(&tone(0.02)).is_some());
        assert_eq!(measured(&[0.0; 2000]), None);
        assert_eq!(measured(&[]), None);
        // A click is as far off zero as music gets.
        let clicks: Vec<f32> = (0..96_000).flat_map(|n| [f32::from(n % 9600 == 0); 2]).collect();
        assert_eq!(measured(&clicks), None);
    }
}
