use std::path::PathBuf;

use super::Report;
use mmm_base::diagnostics::Diagnostic;
use mmm_store::StoreError;

/// Why a build ended without a movie.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error("the run was interrupted")]
    Interrupted,
    #[error("the spec `{}` does not exist", path.display())]
    NoSpec { path: PathBuf, reason: String },
    /// The spec or a required medium is wrong.
    #[error("the spec can't be built")]
    Spec(Vec<Diagnostic>),
    /// An action failed; the results of the others are in the cache.
    #[error("part of the movie could not be rendered")]
    Failed(Vec<Diagnostic>),
    /// Some outputs could not be built, for these reasons; the report says which were.
    #[error("some outputs could not be built")]
    Partly(Box<Report>, Vec<Diagnostic>),
    /// The lock would have to change, which `--locked` forbids.
    #[error("the lock would have to change")]
    Locked(Vec<Diagnostic>),
    #[error(transparent)]
    Store(#[from] StoreError),
}
