//! How a piece of music feels.

mod dance;
mod feel;
mod key;

pub use feel::{Feel, vibe};
