//! Reads files: what they are, what their headers say, their frames and samples.
//!
//! Every size is the size as displayed, upright, with square pixels. Knows nothing of what makes
//! a good picture.

mod probe;

pub use probe::{CaptureTime, Color, MediaKind, Orientation, Picture, Place, Probe, SoundStream};
