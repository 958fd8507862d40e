//! Analyses media: functions from decoded frames and samples to [`Facts`](mmm_facts::Facts).
//!
//! The entry points are [`photo_facts`] for photos, [`ClipAnalyst`] with [`SoundMeter`] for clips, and
//! [`BeatAnalyst`] and [`FormAnalyst`] for music. The analysts take frames and samples as they are decoded
//! and keep only curves. docs/facts.md defines every fact. This crate reads no files and knows nothing about
//! the movie being built.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod audio;
mod clip;
mod loudness;
pub mod net;
mod peaks;
mod picture;
mod rgb_view;
mod sight;

pub use audio::{BeatAnalyst, BeatEar, FormAnalyst};
pub use clip::{ClipAnalyst, LevelMeter, SoundMeter};
pub use peaks::Peaks;
pub use picture::photo_facts;
pub use rgb_view::RgbView;
pub use sight::{ImageTower, TextTower, see, subject_mask};
