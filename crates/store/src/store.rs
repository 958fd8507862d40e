use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::StoreError;

/// A store in one folder.
///
/// Holds a shared lock while it lives, so that nothing is collected under a running build. The folder of the cache
/// may be a link; nothing in it may, because a folder that came with a project could lead anywhere. Links there are
/// neither read, written through nor descended into.
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
    /// When the folder can't be written, or a link stands where the store has a folder or its lock.
    pub fn open(cache: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(cache).map_err(|error| StoreError::at(cache, error))?;
        let root = cache.join("store-v1");
        own_folder(&root)?;
        for folder in ["blobs", "records", "stamps", "tmp"] {
            own_folder(&root.join(folder))?;
        }
        let tag = cache.join("CACHEDIR.TAG");
        if fs::symlink_metadata(&tag).is_err() {
            let written = File::create_new(&tag).and_then(|mut file| file.write_all(TAG.as_bytes()));
            written.or_else(|error| existing(&tag, error))?;
        }
        let path = root.join("lock");
        let lock = own_lock(&path)?;
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
        if let Some(folder) = self.foreign_folder(path) {
            return Err(StoreError::Foreign { path: folder.to_owned() });
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::at(folder, error))?;
        }
        draft.persist(path).map_err(|error| StoreError::at(path, error.error))?;
        Ok(())
    }

    /// Whether `path`, or a folder on the way to it, is a link or anything else that the store did not create.
    /// The store treats such a path as missing.
    pub(super) fn is_foreign(&self, path: &Path) -> bool {
        stands(path, |meta| !meta.is_file()) || self.foreign_folder(path).is_some()
    }

    /// The first thing on the way to `path` that is not a folder, such as a link.
    fn foreign_folder<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        folders.filter(|folder| stands(folder, |meta| !meta.is_dir())).last()
    }
}

/// Whether something is at `path`, and `holds` is true of it. Links are not followed.
fn stands(path: &Path, holds: impl Fn(&Metadata) -> bool) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| holds(&meta))
}

/// Creates a folder of the store where it is missing.
fn own_folder(path: &Path) -> Result<(), StoreError> {
    if !stands(path, |_| true) {
        fs::create_dir(path).or_else(|error| existing(path, error))?;
    }
    match stands(path, Metadata::is_dir) {
        true => Ok(()),
        false => Err(StoreError::Foreign { path: path.to_owned() }),
    }
}

/// Opens the file that builds lock, and creates it where it is missing.
fn own_lock(path: &Path) -> Result<File, StoreError> {
    match File::options().append(true).create_new(true).open(path) {
        Ok(lock) => return Ok(lock),
        Err(error) => existing(path, error)?,
    }
    if !stands(path, Metadata::is_file) {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    File::options().append(true).open(path).map_err(|error| StoreError::at(path, error))
}

/// Another process may have created the same thing meanwhile: that is no error.
fn existing(path: &Path, error: io::Error) -> Result<(), StoreError> {
    match error.kind() {
        io::ErrorKind::AlreadyExists => Ok(()),
        _ => Err(StoreError::at(path, error)),
    }
}
