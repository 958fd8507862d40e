//! Decides which moment stands on which beats: plain functions of spec and facts.
//!
//! Knows nothing of files and pixels, reads no clock, rolls no dice: equal inputs give equal plans.
//! The way in is [`plan`]; docs/planning.md tells how it decides.
//!
//! A plan passes through four folders, and each uses only those before it: `cast` says who can be in the movie, `music`
//! what plays and where cuts may stand, `solve` which medium stands where, and `write` which moment of it is shown, how,
//! and why. `words` puts that into English, `timeline` into frames and samples, and `lock` into a file.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod cast;
pub mod lock;
mod music;
mod solve;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod words;
mod write;

pub use cast::chapters;
pub use music::{by_hand, cadence};
pub use write::plan;
