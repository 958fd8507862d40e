//! Steadies a handheld clip: how the camera moved from picture to picture, the smooth way that it was
//! meant to go, and each picture moved back onto that way, inside a bounded zoom.
//!
//! All segments of a shot look at the same stretch of the clip, so they find the same way.

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
