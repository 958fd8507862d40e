//! The user's own pair of models in the form of CLIP (Radford and others, “Learning Transferable Visual
//! Models From Natural Language Supervision”, 2021): one for pictures, one for texts, whose embeddings can be
//! compared.
//!
//! The inputs and outputs are found by name and shape, so exports of CLIP, OpenCLIP, SigLIP and their kin
//! work.

mod embed;
mod image_tower;
mod json_settings;
mod pair_config;
mod preprocessing;
#[cfg(test)]
mod tests;
mod text_tower;

pub use image_tower::ImageTower;
pub use text_tower::TextTower;
