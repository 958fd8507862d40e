//! Small copies of clips, for drafts.
//!
//! Most of a draft's time goes into decoding pictures of 4K that are then shown at a third of HD. What was decoded once
//! is kept small, from the first picture of a group on, so that the next draft of the same place reads that.

mod make;
mod pictures;

pub use make::{CopyEnd, Proxy, ProxyStretch, render_proxy};
pub(super) use pictures::Pictures;

use std::path::PathBuf;

/// A small copy of a stretch of a clip, on this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyFile {
    pub path: PathBuf,
    pub stretch: ProxyStretch,
}
