use std::io;

use mmm_base::Digest;
use mmm_base::diagnostics::is_disk_full;
use mmm_facts::MediaError;
use mmm_store::StoreError;

/// Why rendering failed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("interrupted")]
    Cancelled,
    #[error("the file is gone")]
    Gone { source_digest: Digest },
    #[error("{error}")]
    Media { source_digest: Digest, error: MediaError },
    #[error("the encoder failed: {0}")]
    Encoder(String),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a segment in the cache is damaged")]
    Damaged,
}

impl RenderError {
    /// Returns a function that adds the source to a media error.
    pub(super) fn of(source: Digest) -> impl Fn(MediaError) -> Self {
        move |error| Self::Media { source_digest: source, error }
    }
}

impl From<ffmpeg_next::Error> for RenderError {
    fn from(error: ffmpeg_next::Error) -> Self {
        match error {
            // A muxer writes to a disk, which may be full.
            ffmpeg_next::Error::Other { errno } if is_disk_full(&io::Error::from_raw_os_error(errno)) => {
                Self::Io(io::Error::from_raw_os_error(errno))
            }
            error => Self::Encoder(error.to_string()),
        }
    }
}
