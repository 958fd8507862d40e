//! Steadies a handheld clip: finds the camera's motion from picture to picture, smooths its path, and moves
//! each picture onto that path, within a limited zoom.
//!
//! All segments of a shot analyse the same part of the clip, so they find the same path.

mod align;
mod course;
mod room;
mod similarity;
mod steadied;
#[cfg(test)]
mod tests;
mod warp;

pub use align::{Pyramid, align};
pub use similarity::Similarity;
pub(super) use steadied::Steadied;
