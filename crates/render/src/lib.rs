//! Makes what a recipe says: one encoded segment, the sound of the movie, the linked file.
//!
//! Knows nothing of why a shot was chosen. Equal recipes and equal sources give equal bytes: every
//! encoder of software runs on one thread, and every scaler with exact arithmetic.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
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
mod gain;
mod high_pass;
mod identity;
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
mod steady;
mod still;
mod text;
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
pub use proxy::{CopyEnd, Proxy, ProxyFile, ProxyStretch, render_proxy};
pub use segment::{RenderedSegment, render_segment};
pub use setup::{Setup, StreamKind};
pub use sound::render_sound;
pub use steady::{Pyramid, Similarity, align};
pub use still::render_still;
pub use trial::try_encoder;

use mmm_base::{Cancel, Digest, Time};
use mmm_facts::Sources;

/// Takes packets as an encoder makes them, in decoding order.
pub type TakePackets<'a> = dyn FnMut(&[Packet]) -> Result<(), RenderError> + 'a;

/// Sources, with the proxies of clips that are larger than a draft needs.
pub trait ProxySources: Sources {
    /// Proxies of a clip from one time in it to another, in order and without gaps; none where the clip itself is
    /// to be read. The same clip has the same ones anywhere.
    ///
    /// # Errors
    /// When the clip can't be read, on cancellation, or when they can't be kept.
    fn proxies(
        &self,
        source: Digest,
        part: (Time, Time),
        cancel: &Cancel,
    ) -> Result<Vec<ProxyFile>, RenderError>;
}

/// Sources without proxies: every clip is read itself.
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
