//! What is heard in a clip: speech, singing, music, noise, wind, silence.
//!
//! Speech, singing and music come from a net on log mel bands, the rest from levels and spectra. All of
//! it is measured as the samples come; only curves are kept, 18 MB for an hour.

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
