use std::path::{Path, PathBuf};

/// How a build uses the lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LockUse {
    /// Follows the lock and writes what is new.
    #[default]
    Keep,
    /// Follows the lock and stops before the lock would have to change.
    Locked,
    /// Plans from scratch and ignores what the lock says.
    Afresh,
}

/// Returns the path of the lock of the spec at `spec`.
pub(super) fn lock_path(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}
