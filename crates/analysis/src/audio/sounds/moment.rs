use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::level::{NOTHING_DB, decibels};
use super::rate::RATE_HZ;

/// Samples of one spectrum (128 ms): bins of 7.8 Hz are fine enough to distinguish wind from a deep voice.
pub const WINDOW: usize = 2048;
/// Samples from one moment to the next (100 ms).
pub const STEP: usize = 1600;
/// The frequency range that counts as sound, in Hz.
const SOUND_HZ: Range<f64> = 20.0..8000.0;
/// The range of the energy of wind, in Hz.
const LOW_HZ: Range<f64> = 20.0..200.0;
/// The range in which wind has hardly any energy, in Hz.
const HIGH_HZ: Range<f64> = 500.0..8000.0;
/// Limits of the octaves whose flatness is measured, in Hz.
const OCTAVES_HZ: [f64; 8] = [62.5, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0];

/// The features of a tenth of a second of sound.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SoundMoment {
    /// Level in dBFS.
    pub level_db: f32,
    /// Share of the energy below 200 Hz, 0..=1.
    pub low: f32,
    /// Share of the energy above 500 Hz, 0..=1.
    pub high: f32,
    /// Logarithm of the spectral flatness within octaves, weighted by energy: −0.6 for noise of any colour,
    /// −1.5 and less for tones.
    pub flatness: f32,
}

/// Computes the spectra of the moments.
pub struct Moments {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    input: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl Moments {
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        let hann = |i: usize| 0.5 - 0.5 * (TAU * i as f64 / WINDOW as f64).cos();
        Self {
            window: (0..WINDOW).map(|i| hann(i) as f32).collect(),
            input: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Returns the moment that begins with the `WINDOW` finite samples of `samples`.
    pub fn moment(&mut self, samples: &[f32]) -> SoundMoment {
        self.input.fill(0.0);
        let windowed = samples.iter().zip(&self.window).map(|(sample, weight)| sample * weight);
        self.input.iter_mut().zip(windowed).for_each(|(input, sample)| *input = sample);
        if self.fft.process_with_scratch(&mut self.input, &mut self.bins, &mut self.scratch).is_err() {
            self.bins.fill(Complex::default());
        }
        let powers: Vec<f64> = self.bins.iter().map(|bin| f64::from(bin.norm_sqr())).collect();
        moment(&powers)
    }
}

/// Returns the moment with this power spectrum, computed with a Hann window.
fn moment(powers: &[f64]) -> SoundMoment {
    let energy = |hz: Range<f64>| powers[bins(hz)].iter().sum::<f64>();
    let all = energy(SOUND_HZ);
    // Both halves of the spectrum; the window keeps 3/8 of the energy.
    let level_db = decibels(2.0 * all / (WINDOW as f64 * WINDOW as f64 * 0.375));
    if level_db <= NOTHING_DB {
        return SoundMoment { level_db: NOTHING_DB, low: 0.0, high: 0.0, flatness: 0.0 };
    }
    let share = |hz: Range<f64>| (energy(hz) / all) as f32;
    SoundMoment { level_db, low: share(LOW_HZ), high: share(HIGH_HZ), flatness: flatness(powers) as f32 }
}

/// Returns the energy-weighted mean over the octaves of ln(geometric / arithmetic mean of the powers) (Wiener
/// entropy). It is measured per octave, because a slope of the whole spectrum is not a tone.
fn flatness(powers: &[f64]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for border in OCTAVES_HZ.windows(2) {
        let octave = &powers[bins(border[0]..border[1])];
        let (count, energy) = (octave.len() as f64, octave.iter().sum::<f64>());
        let least = energy * 1e-9 + f64::MIN_POSITIVE;
        let logarithms: f64 = octave.iter().map(|power| power.max(least).ln()).sum();
        sum += energy * (logarithms / count - (energy / count).max(least).ln());
        weights += energy;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// Returns the bins whose centres are in `hz`.
fn bins(hz: Range<f64>) -> Range<usize> {
    let bin = |hz: f64| (hz * WINDOW as f64 / f64::from(RATE_HZ)).ceil() as usize;
    bin(hz.start)..bin(hz.end)
}
