//! Decides which moment stands on which beats: plain functions of spec and facts.
//!
//! Knows nothing of files and pixels, reads no clock, rolls no dice: equal inputs give equal plans.
//! The way in is [`plan`]; docs/planning.md tells how it decides.
//!
//! A plan passes through the files in this order: `wishes` reads the prompt, `cast` ranks the media
//! (with `chapters`, `twins` and `usable`), `length` and `soundtrack` fix how long the movie is and
//! what is heard, `grid` and `pace` say where cuts may stand and how thick, `arrange` sets media on
//! them (with `solve`, `keep`, `cuts`, `rounds`, `seats`, `scenes`, `choose`, `peaks`, `layout` and `lend`), and `compose` writes it
//! down (with `moment`, `transitions`, `framing`, `titles`, `story`, `reasons` and `outline`). `words` puts what it decided, and
//! why, into English.
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
