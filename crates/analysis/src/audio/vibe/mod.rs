//! Measures how a music track feels.

mod dance;
mod feel;
mod key;

pub use feel::{Feel, vibe};
