use mmm_base::Digest;
use mmm_facts::MediaError;
use mmm_store::StoreError;

/// A transient failure of an action: it may succeed the next time, so it is never cached.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    #[error("interrupted")]
    Cancelled,
    #[error("the file changed or vanished while it was read")]
    SourceChanged(Digest),
    #[error("{error}")]
    Source { source_digest: Digest, error: MediaError },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the encoder failed: {0}")]
    Encoder(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("a segment in the cache is damaged")]
    Damaged,
    #[error("{0}")]
    Model(String),
    /// The user's own model for pictures and texts can't be used.
    #[error("{0}")]
    ImageText(String),
    #[error("this step needs model weights that this version of mmm does not include")]
    OtherModels,
    #[error("a bug: {0}")]
    Panicked(String),
}

/// Why a finished file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    #[error("interrupted")]
    Cancelled,
    #[error("{0}")]
    Failed(String),
}
