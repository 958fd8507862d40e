use std::fs::{self, File};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Store, StoreError};
use mmm_base::Digest;

impl Store {
    /// Moves a finished draft into the store, under the digest of its content.
    ///
    /// # Errors
    /// If the disk is full or can't be written; the draft is then removed.
    pub fn keep(&self, draft: NamedTempFile) -> Result<Digest, StoreError> {
        let path = draft.path().to_owned();
        let at = |error| StoreError::at(&path, error);
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(&path).map_err(at)?).map_err(at)?;
        // Syncs the content before the rename. A blob truncated by a power cut would be detected when read,
        // but it may hold an hour of rendering.
        draft.as_file().sync_data().map_err(at)?;
        let digest = Digest::from(hasher.finalize());
        self.rename(draft, &self.blob_path(digest))?;
        Ok(digest)
    }

    /// Returns the path of a blob, whether or not it exists.
    pub fn blob_path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.root().join("blobs").join(&name[..2]).join(name)
    }

    /// Whether a blob exists. Checks only its path, not its content.
    pub fn has_blob(&self, digest: Digest) -> bool {
        let path = self.blob_path(digest);
        self.own_file(&path).is_some()
    }

    /// Returns the size of a blob in bytes, if it exists. Doesn't check its content.
    pub fn blob_bytes(&self, digest: Digest) -> Option<u64> {
        let path = self.blob_path(digest);
        self.own_file(&path).map(|meta| meta.len())
    }

    /// Reads and verifies a blob. Removes a blob whose content doesn't match its name, and treats it as
    /// missing.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn read_blob(&self, digest: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.blob_path(digest);
        if self.is_foreign(&path) {
            return Ok(None);
        }
        let Some(bytes) = found(&path, fs::read(&path))? else { return Ok(None) };
        let whole = Digest::of(&bytes) == digest;
        kept(&path, whole).map(|()| whole.then_some(bytes))
    }

    /// Verifies a blob as [`Store::read_blob`] does, and opens it at its start, to be read in parts.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn open_blob(&self, digest: Digest) -> Result<Option<File>, StoreError> {
        let path = self.blob_path(digest);
        let at = |error| StoreError::at(&path, error);
        if self.is_foreign(&path) {
            return Ok(None);
        }
        let Some(mut file) = found(&path, File::open(&path))? else { return Ok(None) };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&file).map_err(at)?;
        file.rewind().map_err(at)?;
        let whole = Digest::from(hasher.finalize()) == digest;
        kept(&path, whole).map(|()| whole.then_some(file))
    }
}

/// Returns what was read, or `None` if the file does not exist.
fn found<T>(path: &Path, read: io::Result<T>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::at(path, error)),
    }
}

/// Removes a blob that is not intact.
fn kept(path: &Path, whole: bool) -> Result<(), StoreError> {
    if whole { Ok(()) } else { fs::remove_file(path).map_err(|error| StoreError::at(path, error)) }
}
