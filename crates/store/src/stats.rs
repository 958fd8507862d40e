use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use super::Store;

/// How much is in a store.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Stats {
    pub bytes: u64,
    pub entries: u64,
    /// Bytes by kind: `blobs`, `stamps`, and each kind of record.
    pub by_kind: BTreeMap<String, u64>,
}

/// One file of the store.
pub(super) struct Entry {
    pub path: PathBuf,
    pub bytes: u64,
    pub used: SystemTime,
    pub kind: String,
}

impl Store {
    /// Counts what is in the store.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for entry in self.entries() {
            stats.bytes += entry.bytes;
            stats.entries += 1;
            *stats.by_kind.entry(entry.kind).or_default() += entry.bytes;
        }
        stats
    }

    /// Every file of the store but the lock, in no order.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for kind in ["blobs", "stamps", "tmp"] {
            walk(&self.root().join(kind), kind, &mut entries);
        }
        for folder in fs::read_dir(self.root().join("records")).into_iter().flatten().flatten() {
            let name = folder.file_name().to_string_lossy().into_owned();
            let kind = name.rsplit_once("-v").map_or(name.as_str(), |(kind, _)| kind);
            walk(&folder.path(), kind, &mut entries);
        }
        entries
    }
}

/// Adds the files below `folder`. What vanishes while it is looked at is not there.
fn walk(folder: &Path, kind: &str, entries: &mut Vec<Entry>) {
    for item in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(meta) = item.metadata() else { continue };
        if meta.is_dir() {
            walk(&item.path(), kind, entries);
        } else {
            let used = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            entries.push(Entry { path: item.path(), bytes: meta.len(), used, kind: kind.to_owned() });
        }
    }
}
