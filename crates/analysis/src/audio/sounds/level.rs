use std::f64::consts::TAU;

use super::rate::RATE_HZ;

/// Samples of one level (10 ms).
pub const STEP: usize = 160;
/// Level of digital silence in dBFS.
pub const NOTHING_DB: f32 = -120.0;
/// Slower signals are an offset of the recorder, not sound.
const SLOWEST_HZ: f64 = 20.0;

/// Measures the level of every 10 ms in dBFS (a full-scale square wave is 0), without the offset, which a DC
/// blocker removes.
#[derive(Default)]
pub struct Levels {
    input: f64,
    output: f64,
    energy: f64,
    count: usize,
    levels: Vec<f32>,
}

impl Levels {
    /// Measures the next samples; they must be finite.
    pub fn samples(&mut self, samples: &[f32]) {
        let pole = 1.0 - TAU * SLOWEST_HZ / f64::from(RATE_HZ);
        for sample in samples {
            let sample = f64::from(*sample);
            self.output = sample - self.input + pole * self.output;
            self.input = sample;
            self.energy += self.output * self.output;
            self.count += 1;
            if self.count == STEP {
                self.levels.push(decibels(self.energy / STEP as f64));
                (self.energy, self.count) = (0.0, 0);
            }
        }
    }

    /// Returns one level for each complete 10 ms.
    pub fn finish(self) -> Vec<f32> {
        self.levels
    }
}

/// Converts a mean square to a level in dBFS.
pub fn decibels(mean_square: f64) -> f32 {
    (10.0 * mean_square.log10()).max(f64::from(NOTHING_DB)) as f32
}
