use std::fs;
use std::io;
use std::path::PathBuf;

use tempfile::NamedTempFile;

use super::{Store, StoreError};
use crate::base::Digest;

impl Store {
    /// Keeps a finished draft under the digest of its content.
    ///
    /// # Errors
    /// When the disk is full or can't be written; the draft is then gone.
    pub fn keep(&self, draft: NamedTempFile) -> Result<Digest, StoreError> {
        let path = draft.path().to_owned();
        let at = |error| StoreError::at(&path, error);
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(&path).map_err(at)?).map_err(at)?;
        // On the disk before its name is: a blob that a power cut shortened would be noticed when
        // read, but a finished hour of rendering is worth the wait.
        draft.as_file().sync_data().map_err(at)?;
        let digest = Digest::from(hasher.finalize());
        self.rename(draft, &self.blob_path(digest))?;
        Ok(digest)
    }

    /// Where a blob lies, if it does.
    pub fn blob_path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.root().join("blobs").join(&name[..2]).join(name)
    }

    /// Whether a blob is there, by its name alone.
    pub fn has_blob(&self, digest: Digest) -> bool {
        self.blob_path(digest).is_file()
    }

    /// Reads a blob and checks it; one that is not what its name says is thrown away, and is then
    /// as missing as one that never was.
    ///
    /// # Errors
    /// When the disk can't be read.
    pub fn read_blob(&self, digest: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.blob_path(digest);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::at(&path, error)),
        };
        if Digest::of(&bytes) == digest {
            return Ok(Some(bytes));
        }
        fs::remove_file(&path).map_err(|error| StoreError::at(&path, error))?;
        Ok(None)
    }
}
