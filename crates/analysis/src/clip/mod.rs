//! What happens in a clip: its own shots, motion, the look of every moment and the best of them, and where the subject is.
//! Entry: [`ClipAnalyst`], fed with small pictures in order of time, and [`SoundMeter`] for its
//! sound; they keep a few numbers a picture, never the pictures.

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
pub use sound::SoundMeter;
