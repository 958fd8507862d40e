use super::beat_ear::BeatEar;
use super::beats::{HeardBeat, beats};
use super::spectrogram::{BANDS, Spectrogram};
use super::track::{Recorder, SpectralTrack};
use crate::net::ModelError;

/// Detects beats: computes spectra, records features of them, and runs the beat detector.
pub struct Listener {
    spectrogram: Spectrogram,
    hearing: Hearing,
}

/// The consumers of each spectrum.
struct Hearing {
    recorder: Recorder,
    ear: BeatEar,
    /// The first error of the detector.
    failed: Option<ModelError>,
}

impl Listener {
    pub fn new(ear: BeatEar) -> Self {
        let hearing = Hearing { recorder: Recorder::new(), ear, failed: None };
        Self { spectrogram: Spectrogram::new(), hearing }
    }

    /// Processes the next samples of one channel at 22,050 Hz; they must be finite.
    pub fn samples(&mut self, samples: &[f32]) {
        let hearing = &mut self.hearing;
        hearing.hear(|ear| ear.samples(samples));
        self.spectrogram.samples(samples, &mut |frame| hearing.frame(frame));
    }

    /// Returns the beats in order of time, and the recorded features.
    ///
    /// # Errors
    /// If a model can't be run.
    pub fn finish(mut self) -> Result<(Vec<HeardBeat>, SpectralTrack), ModelError> {
        let hearing = &mut self.hearing;
        self.spectrogram.finish(&mut |frame| hearing.frame(frame));
        let Hearing { recorder, ear, failed } = self.hearing;
        if let Some(error) = failed {
            return Err(error);
        }
        let track = recorder.track;
        let (activation, source) = ear.finish(&track)?;
        Ok((beats(&activation, &track, source), track))
    }
}

impl Hearing {
    fn frame(&mut self, magnitudes: &[f32; BANDS]) {
        let features = self.recorder.frame(magnitudes);
        self.hear(|ear| ear.frame(&features));
    }

    /// After a failure the detector isn't called again.
    fn hear(&mut self, hear: impl FnOnce(&mut BeatEar) -> Result<(), ModelError>) {
        if self.failed.is_none() {
            self.failed = hear(&mut self.ear).err();
        }
    }
}
