use super::activation::BeatModels;
use super::beat_this::BeatThis;
use super::beats::{Source, flux_activation};
use super::spectrogram::BANDS;
use super::track::SpectralTrack;
use crate::net::ModelError;

/// A beat detector.
pub enum BeatEar {
    /// The rise of the spectrum, without a model.
    Flux,
    /// The built-in models.
    Models(BeatModels),
    /// A user's own model.
    Own(Box<BeatThis>),
}

impl BeatEar {
    pub fn built_in() -> Self {
        Self::Models(BeatModels::new())
    }

    /// Loads a model like Beat This! from the contents of two files in ONNX form.
    ///
    /// # Errors
    /// If either can't be loaded.
    pub fn own(spectrogram: Vec<u8>, beats: Vec<u8>) -> Result<Self, ModelError> {
        Ok(Self::Own(Box::new(BeatThis::new(spectrogram, beats)?)))
    }

    /// Processes the next samples of one channel at 22,050 Hz.
    pub(super) fn samples(&mut self, samples: &[f32]) -> Result<(), ModelError> {
        match self {
            Self::Own(model) => model.samples(samples),
            Self::Flux | Self::Models(_) => Ok(()),
        }
    }

    /// Processes the features of the next frame.
    pub(super) fn frame(&mut self, features: &[f32; 2 * BANDS]) -> Result<(), ModelError> {
        match self {
            Self::Models(nets) => nets.frame(features),
            Self::Flux | Self::Own(_) => Ok(()),
        }
    }

    /// Returns, for each frame of `track`, the probability of a beat that isn't a downbeat, and of a
    /// downbeat.
    pub(super) fn finish(self, track: &SpectralTrack) -> Result<(Vec<[f64; 2]>, Source), ModelError> {
        let frames = track.level.len();
        let (mut activation, source) = match self {
            Self::Flux => (flux_activation(track), Source::Flux),
            Self::Models(nets) => (nets.finish()?, Source::Models),
            Self::Own(model) => (model.finish()?, Source::Own),
        };
        activation.resize(frames, [0.0; 2]);
        Ok((activation, source))
    }
}
