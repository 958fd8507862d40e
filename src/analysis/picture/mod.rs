//! How a still picture looks: sharpness, tone, colour, what is wrong with it, its perceptual
//! hash and where the eye goes. Entry function: [`photo_facts`]; clips use the same measures.
//!
//! Knows nothing of files, and nothing of the picture's neighbours.

mod flatness;
mod focus;
mod hash;
mod look;
mod photo;
mod plane;
mod sharpness;
mod tone;

#[cfg(test)]
mod tests;

pub use photo::photo_facts;

pub(super) use hash::picture_hash;
pub(super) use look::look_of;
pub(super) use photo::picture_issues;
pub(super) use plane::Plane;
pub(super) use tone::Tone;
