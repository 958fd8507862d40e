use crate::net::{ModelError, Net, Tensor};
use mmm_facts::Model;

use super::spectrogram::BANDS;

const MODELS: [Model; 3] = [Model::Beat1, Model::Beat2, Model::Beat3];
/// Input values of a model per frame.
const FEATURES: usize = 2 * BANDS;
/// Frames that a model processes at a time (a minute); it needs 10 kB per frame meanwhile.
const BLOCK: usize = 3000;
/// Shape of a model's state between blocks: layers, batch size, cells.
const STATE: [usize; 3] = [2, 1, 150];

/// Detects beats and downbeats with BeatNet's three recurrent models (Heydari, Cwitkowitz and Duan 2021): the
/// mean of their outputs, 50 times per second.
pub struct BeatModels {
    /// The state of each model: hidden states and cells.
    states: Vec<[Tensor; 2]>,
    /// Features of the frames that were not processed yet.
    waiting: Vec<f32>,
    activation: Vec<[f64; 2]>,
}

impl BeatModels {
    pub fn new() -> Self {
        let state = || [Tensor::zeros(&STATE), Tensor::zeros(&STATE)];
        Self { states: MODELS.iter().map(|_| state()).collect(), waiting: Vec::new(), activation: Vec::new() }
    }

    /// Processes the features of the next frame.
    ///
    /// # Errors
    /// If a model can't be run.
    pub fn frame(&mut self, features: &[f32; FEATURES]) -> Result<(), ModelError> {
        self.waiting.extend_from_slice(features);
        if self.waiting.len() >= BLOCK * FEATURES { self.hear() } else { Ok(()) }
    }

    /// Returns, for each frame, the probability of a beat that isn't a downbeat, and of a downbeat.
    ///
    /// # Errors
    /// If a model can't be run.
    pub fn finish(mut self) -> Result<Vec<[f64; 2]>, ModelError> {
        self.hear()?;
        Ok(self.activation)
    }

    fn hear(&mut self) -> Result<(), ModelError> {
        let frames = self.waiting.len() / FEATURES;
        if frames == 0 {
            return Ok(());
        }
        let features = Tensor::new(&[1, frames, FEATURES], std::mem::take(&mut self.waiting));
        let mut sums = vec![[0.0; 2]; frames];
        for (which, state) in MODELS.into_iter().zip(&mut self.states) {
            let [h0, c0] = std::mem::take(state);
            let inputs = [("feat", &features), ("h0", &h0), ("c0", &c0)];
            let mut out = Net::get(which)?.run(&inputs, &["act", "h", "c"])?.into_iter();
            let heard = out.next().unwrap_or_default();
            *state = [out.next().unwrap_or_default(), out.next().unwrap_or_default()];
            for (sum, share) in sums.iter_mut().zip(heard.values.chunks_exact(3)) {
                sum[0] += f64::from(share[0]);
                sum[1] += f64::from(share[1]);
            }
        }
        self.activation.extend(sums.into_iter().map(|sum| sum.map(|sum| sum / MODELS.len() as f64)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::spectrogram::Spectrogram;
    use crate::audio::track::Recorder;

    const ACTIVATIONS: &str = include_str!("../../../../models/fixtures/beatnet.tsv");
    const FRONT_END: &str = include_str!("../../../../models/fixtures/beatnet-features.tsv");

    /// Parses the rows of a table; lines with # are comments.
    fn table(text: &str) -> Vec<Vec<f64>> {
        let row = |line: &str| line.split('\t').map(|number| number.parse().unwrap()).collect();
        text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
    }

    /// Returns six seconds of bursts of noise, 120 per minute, over a sawtooth, as described at the top of
    /// the tables.
    fn tune() -> Vec<f32> {
        let (rate, mut seed) = (22_050u32, 1u32);
        let sample = |n: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let saw = f64::from(n * 220 % rate) / f64::from(rate) - 0.5;
            let (at, burst) = (f64::from(n % (rate / 2)), f64::from(rate / 25));
            let noise = f64::from(seed >> 8) / f64::from(1 << 23) - 1.0;
            (0.1 * saw + if at < burst { 0.6 * (1.0 - at / burst) * noise } else { 0.0 }) as f32
        };
        (0..6 * rate).map(sample).collect()
    }

    fn features() -> Vec<[f32; FEATURES]> {
        let (mut spectrogram, mut recorder) = (Spectrogram::new(), Recorder::new());
        let mut features = Vec::new();
        spectrogram.samples(&tune(), &mut |frame| features.push(recorder.frame(frame)));
        spectrogram.finish(&mut |frame| features.push(recorder.frame(frame)));
        features
    }

    #[test]
    fn the_front_end_is_the_one_that_the_nets_were_trained_with() {
        let features = features();
        assert_eq!(features.len(), 300);
        for row in table(FRONT_END) {
            for (found, wanted) in features[row[0] as usize].iter().zip(&row[1..]) {
                assert!((f64::from(*found) - wanted).abs() < 2e-3, "frame {}: {found} {wanted}", row[0]);
            }
        }
    }

    #[test]
    fn the_nets_hear_what_another_runtime_hears_and_blocks_do_not_matter() {
        let run = |block: usize| {
            let mut nets = BeatModels::new();
            for (n, frame) in features().iter().enumerate() {
                nets.frame(frame).unwrap();
                if (n + 1) % block == 0 {
                    nets.hear().unwrap();
                }
            }
            nets.finish().unwrap()
        };
        let (whole, parts) = (run(usize::MAX), run(77));
        for ((row, whole), part) in table(ACTIVATIONS).iter().zip(&whole).zip(&parts) {
            for kind in 0..2 {
                let wanted = (row[kind] + row[kind + 3] + row[kind + 6]) / 3.0;
                // Tolerance for different summation orders in 32-bit floats.
                assert!((whole[kind] - wanted).abs() < 1e-3, "{} {wanted}", whole[kind]);
                assert!((whole[kind] - part[kind]).abs() < 1e-5);
            }
        }
        assert_eq!(whole.len(), 300);
    }
}
