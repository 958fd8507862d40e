use mmm_base::Time;

use super::half_rate::{CHANNELS, RATE_HZ};
use crate::loudness::clean;

/// Frames of a block: 10 ms.
const BLOCK: u64 = RATE_HZ as u64 / 100;
/// Blocks with a mean square up to this are silent: −60 dBFS.
const SILENT: f64 = 1e-6;
/// Shorter silence at an end is part of the music.
const SHORTEST: Time = Time::from_millis(100);

/// Finds the first and the last sound of a piece of music.
#[derive(Default)]
pub(super) struct SilentEnds {
    frames: u64,
    /// The sum of squares of the present block.
    sum: f64,
    /// The first and the last block with a sound.
    heard: Option<(u64, u64)>,
}

impl SilentEnds {
    /// Processes the next interleaved samples; an incomplete frame is dropped.
    pub(super) fn samples(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(CHANNELS) {
            let square = |sample: &f32| f64::from(clean(*sample)).powi(2);
            self.sum += frame.iter().map(square).sum::<f64>() / CHANNELS as f64;
            self.frames += 1;
            if self.frames.is_multiple_of(BLOCK) {
                self.end_block();
            }
        }
    }

    fn end_block(&mut self) {
        let block = (self.frames - 1) / BLOCK;
        if self.sum > SILENT * BLOCK as f64 {
            self.heard = Some((self.heard.map_or(block, |(first, _)| first), block));
        }
        self.sum = 0.0;
    }

    /// Returns the times of the first and the last sound, if there is silence before or after them in music
    /// of this length; `None` also if all is silent.
    pub(super) fn finish(mut self, duration: Time) -> Option<(Time, Time)> {
        if !self.frames.is_multiple_of(BLOCK) {
            self.end_block();
        }
        let (first, last) = self.heard?;
        let time = |block: u64| Time::from_micros((block * BLOCK * 1_000_000 / u64::from(RATE_HZ)) as i64);
        let first = Some(time(first)).filter(|first| *first >= SHORTEST).unwrap_or(Time::ZERO);
        let last = Some(time(last + 1)).filter(|last| duration - *last >= SHORTEST).unwrap_or(duration);
        ((first, last) != (Time::ZERO, duration)).then_some((first, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns stretches of sound or silence, each of so many milliseconds and of one level.
    fn ends(stretches: &[(i64, f32)]) -> Option<(f64, f64)> {
        let mut ends = SilentEnds::default();
        let mut frames = 0;
        for (millis, level) in stretches {
            let count = (millis * i64::from(RATE_HZ) / 1000) as usize;
            let samples: Vec<f32> = (0..count * CHANNELS)
                .map(|n| if (n / CHANNELS).is_multiple_of(2) { *level } else { -level })
                .collect();
            frames += count as i64;
            samples.chunks(1001 * CHANNELS).for_each(|part| ends.samples(part));
        }
        let duration = Time::from_micros(frames * 1_000_000 / i64::from(RATE_HZ));
        ends.finish(duration).map(|(first, last)| (first.secs(), last.secs()))
    }

    #[test]
    fn silent_ends_are_found_to_the_hundredth() {
        assert_eq!(ends(&[(2500, 0.0), (3000, 0.1), (1000, 0.0)]), Some((2.5, 5.5)));
        assert_eq!(ends(&[(2500, 0.0), (3000, 0.1)]), Some((2.5, 5.5)));
        assert_eq!(ends(&[(3000, 0.1), (1000, 0.000_5)]), Some((0.0, 3.0)), "noise below the threshold");
        assert_eq!(ends(&[(1000, 0.1), (2000, 0.0), (1000, 0.002)]), None, "silence inside stays");
        assert_eq!(ends(&[(50, 0.0), (1000, 0.1), (90, 0.0)]), None, "too short to matter");
        assert_eq!(ends(&[(3000, 0.0)]), None);
        assert_eq!(ends(&[]), None);
    }
}
