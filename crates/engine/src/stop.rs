use std::path::PathBuf;

use mmm_base::diagnostics::Diagnostic;
use mmm_store::StoreError;

/// Why a build ended without its movie.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error("interrupted")]
    Interrupted,
    #[error("there is no spec at `{}`", path.display())]
    NoSpec { path: PathBuf, reason: String },
    /// The spec, or a medium that it can't do without, is wrong.
    #[error("the spec can't be built")]
    Spec(Vec<Diagnostic>),
    /// Something could not be made; all that could be is kept.
    #[error("not everything could be made")]
    Failed(Vec<Diagnostic>),
    /// The lock would have to change, and must not.
    #[error("the lock would have to change")]
    Locked(Vec<Diagnostic>),
    #[error(transparent)]
    Store(#[from] StoreError),
}
