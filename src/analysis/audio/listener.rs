use super::activation::BeatNets;
use super::beats::{HeardBeat, Source, beats, flux_activation};
use super::spectrogram::{BANDS, Spectrogram};
use super::track::{Recorder, Track};
use crate::net::NetError;

/// Listens for beats: spectra, what is kept of them, and the nets where there are any.
pub struct Listener {
    spectrogram: Spectrogram,
    hearing: Hearing,
}

/// What becomes of a spectrum.
struct Hearing {
    recorder: Recorder,
    /// None without nets.
    nets: Option<BeatNets>,
    /// What went wrong in one of them.
    failed: Option<NetError>,
}

impl Listener {
    /// With the nets, or without.
    pub fn new(nets: bool) -> Self {
        let hearing = Hearing { recorder: Recorder::new(), nets: nets.then(BeatNets::new), failed: None };
        Self { spectrogram: Spectrogram::new(), hearing }
    }

    /// Takes the next samples of one channel at 22,050 Hz; finite ones.
    pub fn samples(&mut self, samples: &[f32]) {
        let hearing = &mut self.hearing;
        self.spectrogram.samples(samples, &mut |frame| hearing.frame(frame));
    }

    /// The beats, in order of time, and what was kept.
    ///
    /// # Errors
    /// When the runtime refuses a net.
    pub fn finish(mut self) -> Result<(Vec<HeardBeat>, Track), NetError> {
        let hearing = &mut self.hearing;
        self.spectrogram.finish(&mut |frame| hearing.frame(frame));
        let Hearing { recorder, nets, failed } = self.hearing;
        if let Some(error) = failed {
            return Err(error);
        }
        let track = recorder.track;
        let heard = match nets {
            Some(nets) => beats(&nets.finish()?, &track, Source::Nets),
            None => beats(&flux_activation(&track), &track, Source::Flux),
        };
        Ok((heard, track))
    }
}

impl Hearing {
    fn frame(&mut self, magnitudes: &[f32; BANDS]) {
        let features = self.recorder.frame(magnitudes);
        if let Some(nets) = &mut self.nets
            && let Err(error) = nets.frame(&features)
        {
            self.failed.get_or_insert(error);
        }
    }
}
