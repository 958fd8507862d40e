//! Analyses the look of still pictures: sharpness, tone, colour, issues, perceptual hash, focus point and
//! subjects. The entry point is [`photo_facts`]; clips use the same measures.
//!
//! This module knows nothing about files or other pictures.

mod attention;
mod composition;
mod covered;
mod face_sharpness;
mod flatness;
mod focus;
mod hash;
mod lines;
mod look;
mod noise;
mod page;
mod photo;
mod photo_look;
mod plane;
mod scene_colours;
mod sharpness;
mod subjects;
mod tilt;
mod tone;

#[cfg(test)]
mod photo_tests;
#[cfg(test)]
mod tests;

pub use photo::photo_facts;

pub(super) use attention::Attention;
pub(super) use hash::picture_hash;
pub(super) use look::look_of;
pub(super) use photo::{SMALL_SIDE_PX, picture_issues};
pub(super) use plane::Plane;
pub(super) use subjects::{importance, patches, subjects_in};
pub(super) use tone::Tone;
