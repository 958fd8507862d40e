//! Reads clips: their headers, and their frames in the order in which they are shown.

mod geometry;
pub(super) mod headers;
mod reader;
mod scaler;
mod tags;

pub use reader::{ClipFrame, ClipReader, Skip};
pub use scaler::{ClipScaler, Crop};

#[cfg(test)]
pub(super) mod tests;
