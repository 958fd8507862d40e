use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::rate::RATE_HZ;

/// Samples of a frame (25 ms).
pub const FRAME: usize = 400;
/// Samples from one frame to the next (10 ms).
pub const STEP: usize = 160;
/// Mel bands of a frame.
pub const BANDS: usize = 80;
/// Points of the Fourier transform; the frame is padded with zeros.
const POINTS: usize = 512;
/// Where the lowest band begins, in Hz; the highest ends at the Nyquist frequency.
const LOWEST_HZ: f64 = 20.0;
/// First-order pre-emphasis.
const EMPHASIS: f64 = 0.97;
/// Full scale of the 16-bit samples for which the bands are defined.
const FULL_SCALE: f64 = 32_768.0;
/// The least energy of a band, so that silence has a logarithm: the spacing of 32-bit floats at 1.
const FLOOR: f64 = f32::EPSILON as f64;

/// Computes log mel energies as defined by Kaldi's `compute-fbank-feats` without dither: 25 ms frames every
/// 10 ms, offset removed, pre-emphasis, Povey window, power spectrum, triangles on the mel scale, ln.
pub struct MelBands {
    fft: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    /// First bin and weights of each band.
    triangles: Vec<(usize, Vec<f64>)>,
    input: Vec<f64>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl MelBands {
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(POINTS);
        let hann = |i: usize| 0.5 - 0.5 * (TAU * i as f64 / (FRAME - 1) as f64).cos();
        Self {
            window: (0..FRAME).map(|i| hann(i).powf(0.85)).collect(),
            triangles: (0..BANDS).map(triangle).collect(),
            input: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Returns the bands of a frame of `FRAME` finite samples, full scale ±1; all at the floor if it is
    /// shorter.
    pub fn bands(&mut self, frame: &[f32]) -> [f64; BANDS] {
        self.fill(frame);
        if self.fft.process_with_scratch(&mut self.input, &mut self.bins, &mut self.scratch).is_err() {
            return [FLOOR.ln(); BANDS];
        }
        std::array::from_fn(|band| {
            let (first, weights) = &self.triangles[band];
            let powers = self.bins[*first..].iter().map(Complex::norm_sqr);
            let energy: f64 = weights.iter().zip(powers).map(|(weight, power)| weight * power).sum();
            energy.max(FLOOR).ln()
        })
    }

    /// Fills the transform's input with the frame: offset removed, pre-emphasised, windowed.
    fn fill(&mut self, frame: &[f32]) {
        self.input.fill(0.0);
        if frame.len() != FRAME {
            return;
        }
        let sample = |i: usize| f64::from(frame[i]) * FULL_SCALE;
        let offset = (0..FRAME).map(sample).sum::<f64>() / FRAME as f64;
        let mut before = sample(0) - offset;
        for i in 0..FRAME {
            let now = sample(i) - offset;
            self.input[i] = (now - EMPHASIS * before) * self.window[i];
            before = now;
        }
    }
}

/// Returns first bin and weights of band `band`: a triangle between its neighbours' centres, linear in mel.
fn triangle(band: usize) -> (usize, Vec<f64>) {
    let (lowest, highest) = (mel(LOWEST_HZ), mel(f64::from(RATE_HZ) / 2.0));
    let step = (highest - lowest) / (BANDS + 1) as f64;
    let left = lowest + band as f64 * step;
    let weight = |bin: usize| {
        let here = mel(bin as f64 * f64::from(RATE_HZ) / POINTS as f64);
        ((here - left) / step).min((left + 2.0 * step - here) / step).max(0.0)
    };
    let first = (0..POINTS / 2).find(|bin| weight(*bin) > 0.0).unwrap_or(0);
    (first, (first..POINTS / 2).map(weight).take_while(|weight| *weight > 0.0).collect())
}

fn mel(hz: f64) -> f64 {
    1127.0 * (1.0 + hz / 700.0).ln()
}
