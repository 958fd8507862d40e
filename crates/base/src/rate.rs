use serde::{Deserialize, Serialize};

use super::Time;

/// Frames per second, as the exact ratio `num`/`den`; written in JSON as `[num, den]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Rate(pub u32, pub u32);

impl Rate {
    /// Returns the start of frame `frame`, rounded down to the microsecond.
    pub fn time_of(self, frame: i64) -> Time {
        let micros = i128::from(frame) * 1_000_000 * i128::from(self.1) / i128::from(self.0);
        Time::from_micros(micros as i64)
    }

    /// Returns the frame whose start is nearest to `time` (halves round up).
    pub fn nearest_frame(self, time: Time) -> i64 {
        let num = i128::from(time.micros()) * i128::from(self.0) * 2;
        let den = 2_000_000 * i128::from(self.1);
        (num + den / 2).div_euclid(den) as i64
    }

    /// Returns the first sample, at `samples_hz`, of frame `frame`. It is exact for 30 and 25 frames per
    /// second at 48 kHz and rounded down otherwise, so lengths in frames and samples never drift apart.
    pub fn sample_of(self, frame: i64, samples_hz: u32) -> i64 {
        (i128::from(frame) * i128::from(samples_hz) * i128::from(self.1) / i128::from(self.0)) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_times_and_samples_agree() {
        let ntsc = Rate(30_000, 1001);
        assert_eq!(Rate(30, 1).time_of(45), Time::from_millis(1500));
        assert_eq!(ntsc.nearest_frame(ntsc.time_of(12_345)), 12_345);
        assert_eq!(Rate(30, 1).sample_of(3, 48_000), 4800);
        assert_eq!(Rate(30, 1).nearest_frame(Time::from_millis(-34)), -1);
    }
}
