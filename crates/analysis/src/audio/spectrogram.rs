use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Sample rate of the input in Hz.
pub const HALF_RATE_HZ: u32 = 22_050;
/// Bands of a frame.
pub const BANDS: usize = 136;
/// Samples from one frame to the next: 50 frames per second.
const HOP: usize = 441;
/// Samples of one frame (64 ms), and the bins of its spectrum that are used.
const WINDOW: usize = 1411;
const BINS: usize = WINDOW / 2;
/// Bands per octave, on both sides of 440 Hz.
const BANDS_AN_OCTAVE: f64 = 24.0;
const LOWEST_HZ: f64 = 30.0;
const HIGHEST_HZ: f64 = 17_000.0;

/// Computes the spectra of a one-channel signal, 50 per second. Frame `i` is centred on sample 441·`i`. It
/// contains the magnitude of 1,411 samples under a Hann window, in 136 triangular bands, 24 per octave from
/// 30 Hz on, each of area 1.
///
/// This is the front end of BeatNet (Heydari, Cwitkowitz and Duan 2021), and of madmom before it, bin for
/// bin, because the models were trained on these values.
pub struct Spectrogram {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: Vec<Band>,
    /// Samples not yet processed, from the beginning of the next frame on.
    recent: Vec<f32>,
    input: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    taken: usize,
    given: usize,
}

/// A band: its first bin and the weights from there on.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Spectrogram {
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        let hann = |i: usize| 0.5 - 0.5 * (std::f64::consts::TAU * i as f64 / (WINDOW - 1) as f64).cos();
        Self {
            window: (0..WINDOW).map(|i| hann(i) as f32).collect(),
            bands: bands(),
            recent: vec![0.0; WINDOW / 2],
            input: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
            taken: 0,
            given: 0,
        }
    }

    /// Processes the next samples, which must be finite, and calls `take` with each frame that they complete.
    pub fn samples(&mut self, samples: &[f32], take: &mut dyn FnMut(&[f32; BANDS])) {
        self.taken += samples.len();
        self.recent.extend_from_slice(samples);
        self.frames(usize::MAX, take);
    }

    /// Calls `take` with the frames that extend beyond the end: there is one for each hop that has begun.
    pub fn finish(mut self, take: &mut dyn FnMut(&[f32; BANDS])) {
        let left = self.taken.div_ceil(HOP).saturating_sub(self.given);
        self.recent.resize(self.recent.len() + left * HOP + WINDOW, 0.0);
        self.frames(left, take);
    }

    /// Calls `take` with at most `most` of the available frames.
    fn frames(&mut self, most: usize, take: &mut dyn FnMut(&[f32; BANDS])) {
        let there = (self.recent.len() + HOP).saturating_sub(WINDOW) / HOP;
        let count = there.min(most);
        for n in 0..count {
            take(&self.frame(n * HOP));
        }
        self.given += count;
        self.recent.drain(..count * HOP);
    }

    fn frame(&mut self, start: usize) -> [f32; BANDS] {
        let samples = self.recent[start..start + WINDOW].iter().zip(&self.window);
        self.input.iter_mut().zip(samples).for_each(|(input, (sample, weight))| *input = sample * weight);
        if self.fft.process_with_scratch(&mut self.input, &mut self.bins, &mut self.scratch).is_err() {
            return [0.0; BANDS];
        }
        let mut bands = [0.0; BANDS];
        let magnitudes: Vec<f32> = self.bins[..BINS].iter().map(|bin| bin.norm_sqr().sqrt()).collect();
        for (value, band) in bands.iter_mut().zip(&self.bands) {
            let under = &magnitudes[band.first..band.first + band.weights.len()];
            *value = under.iter().zip(&band.weights).map(|(magnitude, weight)| magnitude * weight).sum();
        }
        bands
    }
}

/// Returns the centre of each band in Hz.
pub fn centres_hz() -> [f32; BANDS] {
    let mut centres = [0.0; BANDS];
    for (centre, band) in centres.iter_mut().zip(bands()) {
        let top = band
            .weights
            .iter()
            .enumerate()
            .fold(0, |best, (i, w)| if *w > band.weights[best] { i } else { best });
        *centre = ((band.first + top) as f64 * bin_hz()) as f32;
    }
    centres
}

/// Returns the distance of two bins as madmom defined it for the bands: slightly more than that of a
/// transform of 1,411 samples.
fn bin_hz() -> f64 {
    f64::from(HALF_RATE_HZ) / 2.0 / BINS as f64
}

/// Returns triangles between the bins nearest to the frequencies, each bin once.
fn bands() -> Vec<Band> {
    let below = (LOWEST_HZ / 440.0).log2() * BANDS_AN_OCTAVE;
    let mut bins: Vec<usize> = (below.floor() as i32..)
        .map(|step| 440.0 * (f64::from(step) / BANDS_AN_OCTAVE).exp2())
        .skip_while(|hz| *hz < LOWEST_HZ)
        .take_while(|hz| *hz <= HIGHEST_HZ)
        .map(nearest_bin)
        .collect();
    bins.dedup();
    bins.windows(3).map(|bins| band(bins[0], bins[1], bins[2])).collect()
}

fn nearest_bin(hz: f64) -> usize {
    let place = hz / bin_hz();
    // Rounds halves up.
    ((place + 0.5).floor() as usize).clamp(1, BINS - 1)
}

/// Returns a triangle from zero at `first` to its maximum at `top` to zero at `end`; a single bin if there is
/// no room.
fn band(first: usize, top: usize, end: usize) -> Band {
    let (top, end) = if end - first < 2 { (first, first + 1) } else { (top, end) };
    let rising = (first..top).map(|bin| (bin - first) as f64 / (top - first) as f64);
    let falling = (top..end).map(|bin| (end - bin) as f64 / (end - top) as f64);
    let weights: Vec<f64> = rising.chain(falling).collect();
    let area: f64 = weights.iter().sum();
    Band { first, weights: weights.iter().map(|weight| (weight / area) as f32).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_frame_for_each_hop_in_blocks_of_any_size() {
        for length in [0, 1, 440, 441, 5000, 22_050] {
            let samples: Vec<f32> = (0..length).map(|i| (i as f32 * 0.1).sin()).collect();
            let run = |block: usize| {
                let mut spectrogram = Spectrogram::new();
                let mut frames = Vec::new();
                samples
                    .chunks(block)
                    .for_each(|part| spectrogram.samples(part, &mut |frame| frames.push(*frame)));
                spectrogram.finish(&mut |frame| frames.push(*frame));
                frames
            };
            assert_eq!(run(333).len(), (length as usize).div_ceil(HOP), "{length}");
            assert_eq!(run(333), run(10_000), "{length}");
        }
    }

    #[test]
    fn a_tone_is_in_its_band() {
        let centres = centres_hz();
        assert_eq!(bands().len(), BANDS);
        let tone: Vec<f32> =
            (0..22_050).map(|i| (i as f32 * std::f32::consts::TAU * 880.0 / 22_050.0).sin()).collect();
        let mut spectrogram = Spectrogram::new();
        let mut last = [0.0; BANDS];
        spectrogram.samples(&tone, &mut |frame| last = *frame);
        let top = (0..BANDS).fold(0, |best, i| if last[i] > last[best] { i } else { best });
        assert!((centres[top] - 880.0).abs() < 15.0, "{}", centres[top]);
    }
}
