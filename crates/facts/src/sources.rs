use std::path::PathBuf;

use mmm_base::Digest;

/// Where the bytes of a source are on this machine.
pub trait Sources: Sync {
    /// The file with this content; none where it is gone.
    fn path(&self, source: Digest) -> Option<PathBuf>;
}
