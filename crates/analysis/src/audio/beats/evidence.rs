use crate::audio::curves::moving_max;
use crate::audio::track::SpectralTrack;

/// Frames of harmony compared on either side (a quarter of a second).
const HARMONY: usize = 12;

/// The evidence for beats and bars, one value per frame.
pub struct Evidence<'a> {
    /// The probability of a beat that isn't a downbeat, and of a downbeat.
    pub activation: &'a [[f64; 2]],
    /// Rise of the spectrum.
    pub flux: Vec<f64>,
    /// Rise of the spectrum below 160 Hz.
    pub low: Vec<f64>,
    /// How much the harmony changes, 0..=1.
    pub harmony: Vec<f64>,
}

impl<'a> Evidence<'a> {
    pub fn new(activation: &'a [[f64; 2]], track: &SpectralTrack) -> Self {
        let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect();
        Self {
            activation,
            flux: wide(&track.flux),
            low: wide(&track.low),
            harmony: harmony_change(&track.chroma),
        }
    }

    /// Returns the index of the frame nearest to `frame`, inside the music.
    pub fn index(&self, frame: f64) -> usize {
        (frame.round_ties_even().max(0.0) as usize).min(self.activation.len().saturating_sub(1))
    }

    /// Returns the largest value of a part of the activation within two frames of each frame.
    pub fn near(&self, share: impl Fn(&[f64; 2]) -> f64) -> Vec<f64> {
        moving_max(&self.activation.iter().map(share).collect::<Vec<f64>>(), 2)
    }
}

/// Returns one minus the cosine similarity of the harmonies of the quarter seconds before and after each
/// frame.
fn harmony_change(chroma: &[[f32; 12]]) -> Vec<f64> {
    let mut sums = vec![[0.0f64; 12]];
    for frame in chroma {
        let last = sums[sums.len() - 1];
        sums.push(std::array::from_fn(|pitch| last[pitch] + f64::from(frame[pitch])));
    }
    let part = |from: usize, to: usize| -> [f64; 12] {
        std::array::from_fn(|pitch| sums[to][pitch] - sums[from][pitch])
    };
    let length = |harmony: &[f64; 12]| harmony.iter().map(|share| share * share).sum::<f64>().sqrt();
    (0..chroma.len())
        .map(|i| {
            let after = part(i, (i + HARMONY).min(chroma.len()));
            let before = part(i.saturating_sub(HARMONY), i);
            let product: f64 = after.iter().zip(&before).map(|(a, b)| a * b).sum();
            1.0 - product / (length(&after) * length(&before) + 1e-6)
        })
        .collect()
}
