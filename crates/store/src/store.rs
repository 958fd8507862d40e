use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::StoreError;

/// A store in one folder.
///
/// Holds a shared lock while it lives, so that nothing is collected under a running build.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    lock: File,
}

const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of mmm.\n";

impl Store {
    /// Opens the store below `cache`, making it where it is not there yet.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn open(cache: &Path) -> Result<Self, StoreError> {
        let root = cache.join("store-v1");
        for folder in ["blobs", "records", "stamps", "tmp"] {
            let path = root.join(folder);
            fs::create_dir_all(&path).map_err(|error| StoreError::at(&path, error))?;
        }
        let tag = cache.join("CACHEDIR.TAG");
        if !tag.exists() {
            fs::write(&tag, TAG).map_err(|error| StoreError::at(&tag, error))?;
        }
        let path = root.join("lock");
        let lock = File::options().create(true).append(true).open(&path);
        let lock = lock.map_err(|error| StoreError::at(&path, error))?;
        lock.lock_shared().map_err(|error| StoreError::at(&path, error))?;
        Ok(Self { root, lock })
    }

    /// The folder of the store.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Waits for nobody: takes the store alone, or says that a build is using it.
    pub(super) fn lock_alone(&self) -> Result<(), StoreError> {
        let busy = || StoreError::Busy { path: self.root.clone() };
        // A shared lock can't be turned into one of its own: let go first.
        self.lock.unlock().map_err(|error| StoreError::at(&self.root, error))?;
        match self.lock.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => {
                self.lock.lock_shared().map_err(|error| StoreError::at(&self.root, error))?;
                Err(busy())
            }
            Err(TryLockError::Error(error)) => Err(StoreError::at(&self.root, error)),
        }
    }

    /// Lets others in again.
    pub(super) fn lock_shared(&self) -> Result<(), StoreError> {
        let shared = self.lock.unlock().and_then(|()| self.lock.lock_shared());
        shared.map_err(|error| StoreError::at(&self.root, error))
    }

    /// A file that is not in the store yet: write it, then hand it to [`Store::keep`].
    pub fn draft(&self) -> Result<NamedTempFile, StoreError> {
        let folder = self.root.join("tmp");
        NamedTempFile::new_in(&folder).map_err(|error| StoreError::at(&folder, error))
    }

    /// Puts `bytes` at `path`, all or nothing.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let mut draft = self.draft()?;
        draft.write_all(bytes).map_err(|error| StoreError::at(path, error))?;
        self.rename(draft, path)
    }

    /// Renames a draft to `path`. What stood there held the same, or less.
    pub(super) fn rename(&self, draft: NamedTempFile, path: &Path) -> Result<(), StoreError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::at(folder, error))?;
        }
        draft.persist(path).map_err(|error| StoreError::at(path, error.error))?;
        Ok(())
    }
}
