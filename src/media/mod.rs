//! Reads files: what they are, what their headers say, their frames and samples.
//!
//! Every size is the size as displayed, upright, with square pixels. Knows nothing of what makes
//! a good picture, and opens nothing but the file it is given. Enter by [`probe()`],
//! [`decode_photo`], [`ClipReader`], [`SoundReader`] and [`digest_file`].
#![expect(clippy::disallowed_methods, reason = "media are files")]

mod clip;
mod colour;
mod container;
mod digest;
mod error;
mod inspect;
mod kind;
mod mark;
mod photo;
mod picture;
mod probe;
mod scale;
mod sound;
mod turn;
mod yuv;

pub use clip::{ClipFrame, ClipReader, ClipScaler, Crop, Flaw, Part, ProgressiveClip, Skip};
pub use colour::{BadCube, Cube, CubeFile};
pub use container::quiet_libav;
pub use digest::digest_file;
pub use error::MediaError;
pub use inspect::probe;
pub use mark::{OUR_MARK, is_our_picture, mark_picture};
pub use photo::decode_photo;
pub use picture::RgbPicture;
pub use probe::{CaptureTime, Color, MediaKind, Orientation, Picture, Place, Probe, SoundStream};
pub use sound::{Layout, SoundReader, Stretch};
pub use yuv::Yuv420;
