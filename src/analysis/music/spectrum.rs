use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::analyst::RATE_HZ;

/// Samples of one spectrum (93 ms).
const WINDOW: usize = 4096;
/// Samples from one spectrum to the next: ten a second.
const STEP: usize = RATE_HZ as usize / 10;
/// Borders of the bands in Hz.
const BORDERS_HZ: [f64; BANDS + 1] = [30.0, 90.0, 180.0, 360.0, 720.0, 1440.0, 2880.0, 5760.0, 11520.0];
/// Bands of the timbre.
pub const BANDS: usize = 8;
/// Where pitch is heard, in Hz.
const PITCHED_HZ: std::ops::Range<f64> = 65.0..2100.0;

/// The spectrum of one tenth of a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Colour {
    /// Energy of the bands in dB, at least −90.
    pub bands_db: [f32; BANDS],
    /// Share of each pitch class, C first; sums to 1, or all 0 in silence.
    pub chroma: [f32; 12],
    /// Centre of the magnitudes as a share of the Nyquist frequency, 0..=1.
    pub centroid: f32,
}

/// Spectra of a signal of one channel, ten a second.
pub struct Spectra {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    recent: Vec<f32>,
    /// Samples still to be dropped before the next window begins.
    skip: usize,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    input: Vec<f32>,
    band_of_bin: Vec<Option<usize>>,
    pitch_of_bin: Vec<Option<usize>>,
    colours: Vec<Colour>,
}

impl Spectra {
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        let hann = |i: usize| 0.5 - 0.5 * (TAU * i as f64 / WINDOW as f64).cos();
        let hertz: Vec<f64> =
            (0..=WINDOW / 2).map(|bin| bin as f64 * f64::from(RATE_HZ) / WINDOW as f64).collect();
        Self {
            window: (0..WINDOW).map(|i| hann(i) as f32).collect(),
            recent: Vec::with_capacity(2 * WINDOW),
            skip: 0,
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            input: fft.make_input_vec(),
            band_of_bin: hertz.iter().map(|hz| band_of(*hz)).collect(),
            pitch_of_bin: hertz.iter().map(|hz| pitch_of(*hz)).collect(),
            colours: Vec::new(),
            fft,
        }
    }

    /// Takes the next samples; finite ones.
    pub fn samples(&mut self, mono: &[f32]) {
        let skipped = self.skip.min(mono.len());
        self.skip -= skipped;
        self.recent.extend_from_slice(&mono[skipped..]);
        while self.recent.len() >= WINDOW {
            self.input.copy_from_slice(&self.recent[..WINDOW]);
            let colour = self.colour();
            self.colours.push(colour);
            let dropped = STEP.min(self.recent.len());
            self.recent.drain(..dropped);
            self.skip = STEP - dropped;
        }
    }

    /// The spectra from the beginning on.
    pub fn finish(self) -> Vec<Colour> {
        self.colours
    }

    fn colour(&mut self) -> Colour {
        self.input.iter_mut().zip(&self.window).for_each(|(sample, weight)| *sample *= weight);
        if self.fft.process_with_scratch(&mut self.input, &mut self.bins, &mut self.scratch).is_err() {
            return Colour::default();
        }
        let (mut bands, mut chroma) = ([0.0f32; BANDS], [0.0f32; 12]);
        let (mut sum, mut moment) = (0.0f32, 0.0f32);
        for (i, bin) in self.bins.iter().enumerate() {
            let power = bin.norm_sqr() / WINDOW as f32;
            let magnitude = power.sqrt();
            sum += magnitude;
            moment += magnitude * i as f32;
            if let Some(band) = self.band_of_bin[i] {
                bands[band] += power;
            }
            if let Some(pitch) = self.pitch_of_bin[i] {
                chroma[pitch] += magnitude;
            }
        }
        let total: f32 = chroma.iter().sum();
        Colour {
            bands_db: bands.map(|power| 10.0 * power.max(1e-9).log10()),
            chroma: if total > 1e-3 { chroma.map(|share| share / total) } else { [0.0; 12] },
            centroid: if sum > 1e-3 { moment / sum / (WINDOW / 2) as f32 } else { 0.0 },
        }
    }
}

fn band_of(hz: f64) -> Option<usize> {
    (0..BANDS).find(|band| (BORDERS_HZ[*band]..BORDERS_HZ[band + 1]).contains(&hz))
}

/// The pitch class of `hz` in equal temperament at A = 440 Hz; none where no pitch is heard.
fn pitch_of(hz: f64) -> Option<usize> {
    let semitones = || (12.0 * (hz / 440.0).log2()).round() as i64 + 9;
    PITCHED_HZ.contains(&hz).then(|| semitones().rem_euclid(12) as usize)
}
