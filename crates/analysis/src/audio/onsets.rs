use aubio_rs::{Onset, OnsetMode};

use super::spectrogram::HALF_RATE_HZ;

/// Samples from one look to the next, and in one of them.
const HOP: usize = 256;
const WINDOW: usize = 512;
/// What the detector reports too early, in seconds, measured on clicks.
const LEAD_S: f64 = 0.015;

/// Listens for where notes begin, by aubio's detector of high frequency content (Masri 1996).
pub struct Onsets {
    /// None where aubio refuses to work.
    detector: Option<Onset>,
    seconds: Vec<f64>,
    /// What is not yet a whole hop.
    waiting: Vec<f32>,
}

impl Onsets {
    pub fn new() -> Self {
        let detector = Onset::new(OnsetMode::Hfc, WINDOW, HOP, HALF_RATE_HZ).ok();
        Self { detector, seconds: Vec::new(), waiting: Vec::new() }
    }

    /// Takes the next samples of one channel at 22,050 Hz; finite ones.
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

    /// Times of onsets in seconds, in order.
    pub fn finish(mut self) -> Vec<f64> {
        // The last hop is heard too, and what is still on its way gets out.
        self.samples(&[0.0; 4 * HOP]);
        self.seconds
    }
}
