use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::record::body;
use super::{Store, StoreError};
use mmm_base::Digest;

/// The metadata that shows whether a file is unchanged, without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    modified_ns: i128,
    /// Set by the kernel alone, so restoring a file's old modification time is detected.
    changed_ns: i128,
    inode: u64,
    device: u64,
}

impl Stamp {
    /// Returns the stamp of a file with this metadata.
    pub fn of(meta: &Metadata) -> Self {
        let ns = |secs: i64, nanos: i64| i128::from(secs) * 1_000_000_000 + i128::from(nanos);
        Self {
            bytes: meta.len(),
            modified_ns: ns(meta.mtime(), meta.mtime_nsec()),
            changed_ns: ns(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
            device: meta.dev(),
        }
    }
}

/// The digests of a project's files, by path, each with the file's stamp when it was read.
///
/// A file that changed just before it was read could change again within one clock step and keep its stamp.
/// Such entries are not kept, so the next build reads the file again (as git does with its racy entries).
#[derive(Debug)]
pub struct Stamps {
    path: PathBuf,
    entries: BTreeMap<String, (Stamp, Digest)>,
    changed: bool,
}

/// Clocks of file systems step by up to two seconds (FAT); the kernel's by some milliseconds.
const CLOCK_STEP_NS: i128 = 2_000_000_000;

impl Stamps {
    /// Loads what an earlier build knew about the project in `folder`; empty if nothing is known.
    pub fn load(store: &Store, folder: &Path) -> Self {
        let name = Digest::of(folder.as_os_str().as_encoded_bytes()).to_string();
        let path = store.root().join("stamps").join(name);
        let read = || {
            let _inside = store.gate().enter().ok()?;
            store.hold(&path);
            fs::read(&path).ok()
        };
        let entries = if store.is_foreign(&path) { None } else { read() };
        let entries = entries.and_then(|bytes| serde_json::from_slice(body(&bytes)?).ok());
        Self { path, entries: entries.unwrap_or_default(), changed: false }
    }

    /// Returns the digest of a file, if the file is unchanged since it was read.
    pub fn digest(&self, path: &str, stamp: Stamp) -> Option<Digest> {
        let (known, digest) = self.entries.get(path)?;
        (*known == stamp).then_some(*digest)
    }

    /// Remembers the digest of a file whose stamp was `stamp` both before and after it was read. `now_ns` is
    /// the time just before it was read, in nanoseconds since the epoch.
    pub fn remember(&mut self, path: &str, stamp: Stamp, digest: Digest, now_ns: i128) {
        let newest = stamp.modified_ns.max(stamp.changed_ns);
        if now_ns - newest < CLOCK_STEP_NS {
            self.changed |= self.entries.remove(path).is_some();
        } else {
            self.entries.insert(path.to_owned(), (stamp, digest));
            self.changed = true;
        }
    }

    /// Forgets all paths for which `keep` returns false.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        let before = self.entries.len();
        self.entries.retain(|path, _| keep(path));
        self.changed |= self.entries.len() != before;
    }

    /// Writes the digests if they changed.
    ///
    /// # Errors
    /// If the disk is full or can't be written.
    pub fn save(&mut self, store: &Store) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        let text = serde_json::to_vec(&self.entries).expect("stamps are plain values with text keys");
        let mut bytes = Digest::of(&text).to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend(text);
        store.write_whole(&self.path, &bytes)?;
        self.changed = false;
        Ok(())
    }
}
