use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use super::Store;
use mmm_base::Digest;

/// The size of a store.
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
    /// Counts the entries of the store.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for entry in self.entries() {
            stats.bytes += entry.bytes;
            stats.entries += 1;
            *stats.by_kind.entry(entry.kind).or_default() += entry.bytes;
        }
        stats
    }

    /// Returns every file of the store except the lock, in no order: regular files with the store's own names
    /// and places. Anything else in its folders is neither counted nor removed.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |folder: &Path, kind: &str, is_ours: &dyn Fn(&str) -> bool| {
            let files = listed(folder).filter(|(name, meta, _)| meta.is_file() && is_ours(name));
            entries.extend(files.map(|(_, meta, path)| {
                let used = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                Entry { path, bytes: meta.len(), used, kind: kind.to_owned() }
            }));
        };
        add(&self.root().join("stamps"), "stamps", &is_digest);
        add(&self.root().join("tmp"), "tmp", &|name: &str| name.starts_with(".tmp"));
        let mut sharded = vec![("blobs".to_owned(), self.root().join("blobs"))];
        for (name, _, path) in listed(&self.root().join("records")) {
            sharded.extend(record_kind(&name).map(|kind| (kind.to_owned(), path)));
        }
        for (kind, folder) in sharded {
            for (shard, _, path) in listed(&folder).filter(|(name, _, _)| name.len() == 2) {
                add(&path, &kind, &|name: &str| is_digest(name) && name.starts_with(&shard));
            }
        }
        entries
    }
}

/// Lists the entries of a folder: name, metadata and path. Links are not followed, neither to list a folder
/// nor for the metadata. Files that disappear meanwhile are left out.
fn listed(folder: &Path) -> impl Iterator<Item = (String, Metadata, PathBuf)> {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir());
    let items = is_folder.then(|| fs::read_dir(folder)).into_iter().flatten().flatten().flatten();
    items.filter_map(|item| Some((item.file_name().into_string().ok()?, item.metadata().ok()?, item.path())))
}

/// Whether a name is 64 lower-case hexadecimal digits, as the names of blobs, records and stamps are.
fn is_digest(name: &str) -> bool {
    name.parse::<Digest>().is_ok_and(|digest| digest.to_string() == name)
}

/// Returns the kind of the records in a folder with a name such as `segment-v3`.
fn record_kind(folder: &str) -> Option<&str> {
    let (kind, version) = folder.rsplit_once("-v")?;
    version.parse::<u32>().ok().map(|_| kind)
}
