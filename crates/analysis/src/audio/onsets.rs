use aubio_rs::{Onset, OnsetMode};

use super::spectrogram::HALF_RATE_HZ;

/// Samples from one analysis window to the next, and per window.
const HOP: usize = 256;
const WINDOW: usize = 512;
/// How much too early the detector reports, in seconds, measured on clicks.
const LEAD_S: f64 = 0.015;

/// Detects where notes begin, with aubio's detector of high frequency content (Masri 1996).
pub struct Onsets {
    /// `None` if aubio fails to start.
    detector: Option<Onset>,
    seconds: Vec<f64>,
    /// Samples that don't fill a hop yet.
    waiting: Vec<f32>,
}

impl Onsets {
    pub fn new() -> Self {
        let detector = Onset::new(OnsetMode::Hfc, WINDOW, HOP, HALF_RATE_HZ).ok();
        Self { detector, seconds: Vec::new(), waiting: Vec::new() }
    }

    /// Processes the next samples of one channel at 22,050 Hz; they must be finite.
    pub fn samples(&mut self, samples: &[f32]) {
        let Some(detector) = &mut self.detector else { return };
        self.waiting.extend_from_slice(samples);
        let hops = self.waiting.chunks_exact(HOP);
        let rest = hops.remainder().len();
        for hop in hops {
            if detector.do_result(hop).is_ok_and(|found| found > 0.0) {
                self.seconds.push(detector.get_last() as f64 / f64::from(HALF_RATE_HZ) + LEAD_S);
            }
        }
        self.waiting.drain(..self.waiting.len() - rest);
    }

    /// Returns the times of onsets in seconds, in order.
    pub fn finish(mut self) -> Vec<f64> {
        // Silence at the end flushes the last hop and delayed onsets.
        self.samples(&[0.0; 4 * HOP]);
        self.seconds
    }
}
