//! Reads clips: their headers, and their frames in the order in which they are shown.

mod fields;
mod flaws;
mod geometry;
pub(super) mod headers;
mod lead;
mod open;
mod progressive;
mod reader;
mod scaler;
mod tags;

pub use progressive::ProgressiveClip;
pub use reader::{ClipFrame, ClipReader, Skip};
pub use scaler::{ClipScaler, Crop, Part};

#[cfg(test)]
pub(super) mod tests;
