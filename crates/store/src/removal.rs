use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::{Bucket, Store, StoreError};
use mmm_base::{Digest, Key};

/// What must stay in a store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needed {
    pub blobs: BTreeSet<Digest>,
    pub records: BTreeSet<(Bucket, Key)>,
}

impl Needed {
    /// Needs all that `other` needs as well.
    pub fn extend(&mut self, other: Self) {
        self.blobs.extend(other.blobs);
        self.records.extend(other.records);
    }
}

/// What was taken out of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Removal {
    pub entries: u64,
    pub bytes: u64,
}

impl Store {
    /// Takes out the longest unused blobs and records until the store holds at most `limit`
    /// bytes, and everything that a killed build left unfinished. What is in `keep` stays, even if it alone
    /// is more.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while a build uses the store.
    pub fn collect(&self, limit: u64, keep: &Needed) -> Result<Removal, StoreError> {
        self.lock_alone()?;
        let blobs = keep.blobs.iter().map(|digest| self.blob_path(*digest));
        let records = keep.records.iter().map(|(bucket, key)| self.record_path(*bucket, *key));
        let keep: BTreeSet<PathBuf> = blobs.chain(records).collect();
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
        self.collect(0, &Needed::default())
    }

    /// Reads every blob and throws away those that are not what their name says: how many were
    /// read, and which were thrown away.
    ///
    /// # Errors
    /// Where the disk can't be read.
    pub fn verify(&self) -> Result<(u64, Vec<Digest>), StoreError> {
        let mut read = 0;
        let mut damaged = Vec::new();
        for entry in self.entries().iter().filter(|entry| entry.kind == "blobs") {
            let name = entry.path.file_name().and_then(|name| name.to_str());
            let Some(digest) = name.and_then(|name| name.parse::<Digest>().ok()) else { continue };
            read += 1;
            if self.open_blob(digest)?.is_none() {
                damaged.push(digest);
            }
        }
        Ok((read, damaged))
    }
}
