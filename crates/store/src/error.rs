use std::io;
use std::path::{Path, PathBuf};

use mmm_base::diagnostics::{io_words, is_disk_full};

/// Why an operation of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("no space is left on the disk of the cache `{}`", path.display())]
    DiskFull { path: PathBuf },
    #[error("the cache `{}` can't be written: {}", path.display(), io_words(source))]
    Io { path: PathBuf, source: io::Error },
    #[error("the cache can't be used: `{}` is a link, or another thing that mmm did not put there", path.display())]
    Foreign { path: PathBuf },
    #[error("another program keeps the cache `{}` locked", path.display())]
    Busy { path: PathBuf },
}

impl StoreError {
    /// Adds the path at which `source` happened.
    pub fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if is_disk_full(&source) { Self::DiskFull { path } } else { Self::Io { path, source } }
    }
}
