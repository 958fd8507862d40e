//! What sounds do over time. Music: beats and bars, onsets, energy, form, vibe, by [`MusicAnalyst`];
//! it is fed with samples as they are decoded and keeps curves of a few numbers a frame, never the
//! samples. Clips: who speaks, sings or plays, noise, wind and silence.

mod activation;
mod analyst;
mod beat_ear;
mod beat_this;
mod beats;
mod curves;
mod decimation;
mod energy;
mod form;
mod listener;
mod onsets;
mod sounds;
mod spectrogram;
mod track;
mod vibe;

#[cfg(test)]
mod tests;

pub use analyst::MusicAnalyst;
pub use beat_ear::BeatEar;
pub(super) use decimation::Decimation;
pub(super) use sounds::SoundAnalyst;
