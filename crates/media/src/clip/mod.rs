//! Reads clips: their headers, and their frames in display order.

mod avi_dates;
mod clip_frame;
mod fields;
mod flaws;
mod geometry;
pub(super) mod headers;
mod lead;
mod open;
mod progressive;
mod reader;
mod remarks;
mod scaler;
mod shown_length;
mod skip;
mod tags;

pub use clip_frame::ClipFrame;
pub use progressive::ProgressiveClip;
pub use reader::ClipReader;
pub use scaler::{ClipScaler, Crop, Part};
pub use skip::Skip;

#[cfg(test)]
pub(super) mod tests;
