use crate::base::Digest;
use crate::net::NetError;
use crate::render::RenderError;
use crate::store::StoreError;

/// Why an action gave no answer, for a reason that may be gone the next time.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    #[error("interrupted")]
    Cancelled,
    #[error("the file changed or vanished while it was read")]
    SourceChanged(Digest),
    #[error("{error}")]
    Source { source_digest: Digest, error: crate::media::MediaError },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Render(RenderError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("it wants nets that this program has not; it is for another version of it")]
    OtherNets,
    #[error("a bug: {0}")]
    Panicked(String),
}

impl From<RenderError> for ExecError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Cancelled => Self::Cancelled,
            RenderError::Gone { source_digest } => Self::SourceChanged(source_digest),
            RenderError::Media { source_digest, error } => Self::Source { source_digest, error },
            RenderError::Store(error) => Self::Store(error),
            other => Self::Render(other),
        }
    }
}
