//! Proxies of clips, for drafts.
//!
//! Most of a draft's time is spent on decoding 4K pictures that are then shown at a third of HD. Decoded
//! pictures are stored small, in whole groups of pictures, so that the next draft of the same part reads the
//! proxy.

mod encoder;
mod make;
mod pictures;

pub use make::{Proxy, ProxyEnd, ProxyMaker, ProxyStretch};
pub(super) use pictures::Pictures;

use std::path::PathBuf;

/// A proxy of a part of a clip, on this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyFile {
    pub path: PathBuf,
    pub stretch: ProxyStretch,
}
