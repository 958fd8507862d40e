//! Analyses clips: their shots, motion, how much every moment is worth seeing, what models see in
//! them as a whole, and where the subject is.
//!
//! The entry points are [`ClipAnalyst`], which takes small pictures in order of time, and [`SoundMeter`] for
//! the sound. They keep a few numbers per picture, never the pictures.

mod analyst;
mod appeal;
mod camera;
mod faces_over_time;
mod follower;
mod motion;
mod overview;
mod shots;
mod signature;
mod sound;
mod steps;

#[cfg(test)]
mod tests;

pub use analyst::ClipAnalyst;
pub use sound::{LevelMeter, SoundMeter};
