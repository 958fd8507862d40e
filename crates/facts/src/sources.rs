use std::path::PathBuf;

use mmm_base::Digest;

/// Finds the files of sources on this machine.
pub trait Sources: Sync {
    /// Returns the file with this content; `None` if it no longer exists.
    fn path(&self, source: Digest) -> Option<PathBuf>;
}
