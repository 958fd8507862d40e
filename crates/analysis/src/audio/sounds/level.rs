use std::f64::consts::TAU;

use super::rate::RATE_HZ;

/// Samples of one level (10 ms).
pub const STEP: usize = 160;
/// Level of digital silence in dBFS.
pub const NOTHING_DB: f32 = -120.0;
/// What is slower than this is an offset of the recorder, not sound.
const SLOWEST_HZ: f64 = 20.0;

/// The level of every 10 ms in dBFS (a full-scale square wave is 0), offset removed by a DC blocker.
#[derive(Default)]
pub struct Levels {
    input: f64,
    output: f64,
    energy: f64,
    count: usize,
    levels: Vec<f32>,
}

impl Levels {
    /// Takes the next samples; finite ones.
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

    /// One level for each whole 10 ms.
    pub fn finish(self) -> Vec<f32> {
        self.levels
    }
}

/// A mean square as a level in dBFS.
pub fn decibels(mean_square: f64) -> f32 {
    (10.0 * mean_square.log10()).max(f64::from(NOTHING_DB)) as f32
}
