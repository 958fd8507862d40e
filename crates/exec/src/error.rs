use mmm_base::Digest;
use mmm_facts::MediaError;
use mmm_store::StoreError;

/// Why an action gave no answer, for a reason that may be gone the next time.
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
