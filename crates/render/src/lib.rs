//! Renders recipes: encoded segments, the sound of the movie, and the linked file.
//!
//! This crate doesn't know why a shot was chosen. Equal recipes and equal sources give equal bytes: every
//! software encoder runs on one thread, and every scaler uses exact arithmetic.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "sources are files, and so is the movie")]

mod animation;
mod blend;
mod click;
mod clip_view;
mod compose;
mod dc_offset;
mod ducking;
mod encoded;
mod encoded_reader;
mod encoded_writer;
mod encoding;
mod error;
mod gain;
mod high_pass;
mod identity;
mod level_search;
mod libav;
mod libraries;
mod lift;
mod limiter;
mod link;
mod linked_sound;
mod linked_stream;
mod linked_text;
mod look;
mod loudness;
mod mix;
mod opus;
mod photo_view;
mod picture;
mod plate;
mod poster;
mod preview;
mod proxy;
mod resample;
pub mod review;
mod rgb;
mod segment;
mod session;
mod setup;
mod sound;
mod sound_check;
mod steady;
mod still;
mod text;
mod text_track;
mod transpose;
mod trial;
mod true_peak;

pub use click::write_clicks;
pub use encoded::Packet;
pub use encoded_reader::EncodedReader;
pub use encoded_writer::EncodedWriter;
pub use error::RenderError;
pub use identity::tools;
pub use libraries::libraries;
pub use link::link;
pub use poster::render_poster;
pub use preview::render_preview;
pub use proxy::{Proxy, ProxyEnd, ProxyFile, ProxyMaker, ProxyStretch};
pub use segment::{RenderedSegment, render_segment};
pub use setup::{Setup, StreamKind};
pub use sound::MixedSound;
pub use steady::{Pyramid, Similarity, align};
pub use still::render_still;
pub use trial::try_encoder;

use mmm_base::{Cancel, Digest, Time};
use mmm_facts::Sources;

/// Receives packets as an encoder outputs them, in decoding order.
pub type TakePackets<'a> = dyn FnMut(&[Packet]) -> Result<(), RenderError> + 'a;

/// Sources, with proxies of clips that are larger than a draft needs.
pub trait ProxySources: Sources {
    /// Returns the proxies of a clip for a range of time in it, in order and without gaps; empty if the clip
    /// itself should be read. The same clip always has the same proxies.
    ///
    /// # Errors
    /// If the clip can't be read, on cancellation, or if the proxies can't be stored.
    fn proxies(
        &self,
        source: Digest,
        part: (Time, Time),
        cancel: &Cancel,
    ) -> Result<Vec<ProxyFile>, RenderError>;

    /// Returns how many threads may decode a clip.
    fn threads(&self) -> usize {
        1
    }
}

/// Sources without proxies: every clip is read directly.
pub struct WithoutProxies<'a>(pub &'a dyn Sources);

impl Sources for WithoutProxies<'_> {
    fn path(&self, source: Digest) -> Option<std::path::PathBuf> {
        self.0.path(source)
    }
}

impl ProxySources for WithoutProxies<'_> {
    fn proxies(&self, _: Digest, _: (Time, Time), _: &Cancel) -> Result<Vec<ProxyFile>, RenderError> {
        Ok(Vec::new())
    }
}
