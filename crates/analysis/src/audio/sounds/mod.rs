//! Detects the sounds of a clip: speech, singing, music, noise, wind, silence.
//!
//! Speech, singing and music come from a model on log mel bands, the others from levels and spectra.
//! Everything is measured as the samples come; only curves are kept, 18 MB per hour.

mod analyst;
mod frame;
mod level;
mod listener;
mod mel;
mod mel_scaling;
mod moment;
mod noise;
mod rate;
mod region;
mod silence;
mod syllables;
#[cfg(test)]
mod tests;
mod voices;
mod wind;

pub use analyst::SoundAnalyst;
