//! Reads media files: their kind, their headers, their frames and their samples.
//!
//! Every size is the size as displayed: upright, with square pixels. This crate doesn't judge pictures, and
//! it opens no file but the one it is given. The entry points are [`probe()`], [`decode_photo`],
//! [`ClipReader`] and [`SoundReader`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "media are files")]

mod clip;
mod colour;
mod container;
mod file_part;
mod ifd;
mod inspect;
mod instructions;
mod kind;
mod mark;
mod motion;
mod photo;
mod photo_format;
mod picture;
mod quiet_libav;
mod raw_format;
mod riff;
mod scale;
mod sound;
mod streams;
mod tag_text;
mod turn;
mod yuv;

pub use clip::{ClipFrame, ClipReader, ClipScaler, Crop, Part, ProgressiveClip, Skip};
pub use colour::{Cube, DISPLAY_GAMMA};
pub use container::chosen_streams;
pub use inspect::probe;
pub use mark::{is_our_picture, mark_picture};
pub use photo::decode_photo;
pub use picture::RgbPicture;
pub use quiet_libav::quiet_libav;
pub use sound::{Layout, SoundReader, TimeStretch};
pub use streams::ChosenStreams;
pub use yuv::Yuv420;
