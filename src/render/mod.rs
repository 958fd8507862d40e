//! Makes what a recipe says: one encoded piece, the sound of the movie, the linked file.
//!
//! Knows nothing of why a shot was chosen. Equal recipes and equal sources give equal bytes: every
//! encoder of software runs on one thread, and every scaler with exact arithmetic.
#![expect(clippy::disallowed_methods, reason = "sources are files, and so is the movie")]

mod animation;
mod blend;
mod click;
mod clip_view;
mod compose;
mod ducking;
mod encoded;
mod encoded_reader;
mod encoded_writer;
mod encoding;
mod error;
mod high_pass;
mod lack;
mod libav;
mod libraries;
mod lift;
mod limiter;
mod link;
mod linked_sound;
mod linked_stream;
mod look;
mod loudness;
mod mix;
mod photo_view;
mod picture;
mod piece;
mod plate;
mod poster;
mod preview;
mod proxy;
mod resample;
mod rgb;
mod session;
mod setup;
mod sound;
mod steady;
mod still;
mod trial;
mod true_peak;
mod words;

pub use click::write_clicks;
pub use encoded::Packet;
pub use encoded_reader::EncodedReader;
pub use encoded_writer::EncodedWriter;
pub use error::RenderError;
pub use lack::Lack;
pub use libraries::{CodecEntry, Libraries, libraries};
pub use link::{Finished, Movie, link};
pub use piece::{Piece, render_piece};
pub use poster::render_poster;
pub use preview::render_preview;
pub use proxy::{CopyEnd, Proxy, ProxyFile, Stretch, render_proxy};
pub use setup::{Setup, StreamKind};
pub use sound::render_sound;
pub use steady::{Pyramid, Similarity, align};
pub use still::render_still;
pub use trial::try_encoder;

use std::path::PathBuf;

use crate::base::{Cancel, Digest, Time};

/// Takes packets as an encoder makes them, in decoding order.
pub type TakePackets<'a> = dyn FnMut(&[Packet]) -> Result<(), RenderError> + 'a;

/// Where the bytes of a source are on this machine.
pub trait Sources: Sync {
    /// The file with this content; none where it is gone.
    fn path(&self, source: Digest) -> Option<PathBuf>;

    /// Small copies of a clip from one time in it to another, in order and without gaps; none where the clip itself is
    /// to be read. The same clip has the same ones anywhere.
    ///
    /// # Errors
    /// When the clip can't be read, on cancellation, or when they can't be kept.
    fn proxies(&self, _: Digest, _: (Time, Time), _: &Cancel) -> Result<Vec<ProxyFile>, RenderError> {
        Ok(Vec::new())
    }
}
