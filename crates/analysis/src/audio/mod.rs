//! Analyses sound over time. For music, [`BeatAnalyst`] and [`FormAnalyst`] find beats and bars, onsets,
//! energy, form and vibe. They take samples as they are decoded and keep curves of a few numbers per frame,
//! never the samples. For clips, `SoundAnalyst` finds speech, singing, music, noise, wind and silence.

mod activation;
mod beat_analyst;
mod beat_ear;
mod beat_this;
mod beats;
mod curves;
mod decimation;
mod energy;
mod form;
mod form_analyst;
mod half_rate;
mod listener;
mod onsets;
mod silence;
mod sounds;
mod spectrogram;
mod track;
mod vibe;

#[cfg(test)]
mod genre_tests;
#[cfg(test)]
mod tests;

pub use beat_analyst::BeatAnalyst;
pub use beat_ear::BeatEar;
pub(super) use decimation::Decimation;
pub use form_analyst::FormAnalyst;
pub(super) use sounds::SoundAnalyst;
