use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::{Store, StoreError};
use crate::base::Digest;

/// What was taken out of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Removal {
    pub entries: u64,
    pub bytes: u64,
}

impl Store {
    /// Takes out the longest unused blobs and records until the store holds at most `limit`
    /// bytes, and everything that a killed build left unfinished. Blobs in `keep` stay.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while a build uses the store.
    pub fn collect(&self, limit: u64, keep: &BTreeSet<Digest>) -> Result<Removal, StoreError> {
        self.lock_alone()?;
        let keep: BTreeSet<PathBuf> = keep.iter().map(|digest| self.blob_path(*digest)).collect();
        let mut entries = self.entries();
        entries.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        let mut left: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let mut removal = Removal::default();
        for entry in entries {
            let unfinished = entry.kind == "tmp";
            if !unfinished && (left <= limit || keep.contains(&entry.path)) {
                continue;
            }
            if fs::remove_file(&entry.path).is_ok() {
                left -= entry.bytes;
                removal.entries += 1;
                removal.bytes += entry.bytes;
            }
        }
        self.lock_shared()?;
        Ok(removal)
    }

    /// Empties the store.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while a build uses the store.
    pub fn clear(&self) -> Result<Removal, StoreError> {
        self.collect(0, &BTreeSet::new())
    }
}
