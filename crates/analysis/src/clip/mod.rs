//! Analyses clips: their shots, motion, the look of every moment and the best one, and where the subject is.
//!
//! The entry points are [`ClipAnalyst`], which takes small pictures in order of time, and [`SoundMeter`] for
//! the sound. They keep a few numbers per picture, never the pictures.

mod analyst;
mod best;
mod follower;
mod motion;
mod shots;
mod signature;
mod sound;

#[cfg(test)]
mod tests;

pub use analyst::ClipAnalyst;
pub use sound::{LevelMeter, SoundMeter};
