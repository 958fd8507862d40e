use crate::loudness::clean;
use mmm_base::Time;

use super::decimation::Decimation;

/// Samples per second that the analysts of music take.
pub const RATE_HZ: u32 = 44_100;
/// Channels that they take, interleaved.
pub const CHANNELS: usize = 2;
/// The weight of each channel in the one that is listened to: what is in one of them alone keeps its
/// energy. The models are sensitive to the level; at this one most annotated beats were found.
const BOTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Below this the highpass that takes out an offset from zero, in Hz.
const OFFSET_HZ: f64 = 10.0;

/// Turns interleaved stereo into one channel at half the rate, which spectra are taken of.
pub struct HalfRate {
    halving: Decimation,
    offset: LowPass,
    /// Frames taken so far.
    frames: u64,
    mono: Vec<f32>,
    half: Vec<f32>,
}

impl HalfRate {
    pub fn new() -> Self {
        Self {
            halving: Decimation::new(2),
            offset: LowPass::new(OFFSET_HZ),
            frames: 0,
            mono: Vec::new(),
            half: Vec::new(),
        }
    }

    /// Takes the next interleaved samples and gives what is ready; a frame cut short is dropped.
    pub fn samples(&mut self, samples: &[f32]) -> &[f32] {
        self.mono.clear();
        for frame in samples.chunks_exact(CHANNELS) {
            let both = BOTH * (clean(frame[0]) + clean(frame[1]));
            self.mono.push(both - self.offset.next(both));
        }
        self.frames += self.mono.len() as u64;
        self.half.clear();
        self.halving.samples(&self.mono, &mut self.half);
        &self.half
    }

    /// What is left when all was taken.
    pub fn finish(self) -> Vec<f32> {
        let mut rest = Vec::new();
        self.halving.finish(&mut rest);
        rest
    }

    /// Frames taken so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The length of what was taken.
    pub fn duration(&self) -> Time {
        Time::from_micros((self.frames * 1_000_000 / u64::from(RATE_HZ)) as i64)
    }
}

/// A filter of one pole that lets through what is below its corner.
struct LowPass {
    share: f32,
    state: f32,
}

impl LowPass {
    fn new(corner_hz: f64) -> Self {
        let share = 1.0 - (-std::f64::consts::TAU * corner_hz / f64::from(RATE_HZ)).exp();
        Self { share: share as f32, state: 0.0 }
    }

    fn next(&mut self, sample: f32) -> f32 {
        self.state += self.share * (sample - self.state);
        self.state
    }
}
