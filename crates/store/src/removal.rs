use std::fs;

use super::stats::Entry;
use super::store::entry_name;
use super::{Store, StoreError};
use mmm_base::Digest;

/// What was removed from a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Removal {
    pub entries: u64,
    pub bytes: u64,
    /// Bytes that would have been removed if no handle held them.
    pub held_bytes: u64,
}

/// How many entries a collection checks before it lets others enter the gate.
const BATCH: usize = 256;

impl Store {
    /// Removes the least recently used blobs and records until the store has at most `limit` bytes, and
    /// everything that a killed build left unfinished. Entries that any handle holds stay, including this
    /// handle's, even if they alone exceed the limit.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if another program holds the store's lock for seconds.
    pub fn collect(&self, limit: u64) -> Result<Removal, StoreError> {
        let mut entries = self.entries();
        entries.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        let mut left: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let mut removal = Removal::default();
        for batch in entries.chunks(BATCH) {
            let alone = self.gate().alone()?;
            // Other builds may have used entries since they were listed.
            let held = self.held();
            for entry in batch {
                if left <= limit && !entry.is_unfinished() {
                    continue;
                }
                if held.holds(entry.name()) {
                    removal.held_bytes += entry.bytes;
                } else if fs::remove_file(&entry.path).is_ok() {
                    left -= entry.bytes;
                    removal.entries += 1;
                    removal.bytes += entry.bytes;
                }
            }
            drop(alone);
        }
        Ok(removal)
    }

    /// Removes everything that no handle holds.
    ///
    /// # Errors
    /// As [`Store::collect`].
    pub fn clear(&self) -> Result<Removal, StoreError> {
        self.collect(0)
    }

    /// Reads every blob and removes those whose content doesn't match their name. Returns how many were read
    /// and which were removed.
    ///
    /// # Errors
    /// If the disk can't be read.
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

impl Entry {
    /// Returns the entry's name in leases.
    fn name(&self) -> Digest {
        entry_name(self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default())
    }

    /// Whether it is a draft that was not finished.
    fn is_unfinished(&self) -> bool {
        self.kind == "tmp"
    }
}
