use crate::loudness::clean;
use mmm_base::Time;

use super::decimation::Decimation;

/// Sample rate of the music analysts' input, in Hz.
pub const RATE_HZ: u32 = 44_100;
/// Channels of their input, interleaved.
pub const CHANNELS: usize = 2;
/// Weight of each channel in the mono signal: a signal in only one channel keeps its energy. The models are
/// sensitive to the level; most annotated beats were found at this one.
const BOTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Corner of the high-pass filter that removes a DC offset, in Hz.
const OFFSET_HZ: f64 = 10.0;

/// Converts interleaved stereo to one channel at half the rate, for spectral analysis.
pub struct HalfRate {
    halving: Decimation,
    offset: LowPass,
    /// Frames received so far.
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

    /// Processes the next interleaved samples and returns the output available so far; an incomplete frame is
    /// dropped.
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

    /// Returns the remaining output at the end.
    pub fn finish(self) -> Vec<f32> {
        let mut rest = Vec::new();
        self.halving.finish(&mut rest);
        rest
    }

    /// Returns the number of frames received so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Returns the length of the input so far.
    pub fn duration(&self) -> Time {
        Time::from_micros((self.frames * 1_000_000 / u64::from(RATE_HZ)) as i64)
    }
}

/// A one-pole low-pass filter.
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
