//! Digests the files of a project.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::db::FileState;
use super::on_disk::OnDisk;
use mmm_base::diagnostics::io_words;
use mmm_base::{Cancel, Digest, MediaPath};
use mmm_exec::Pool;
use mmm_store::digest_file;
use mmm_store::{Stamp, Stamps};

/// Why a file can't be read that a link leads to.
pub(super) const DANGLING: &str = "the link leads to no file";
/// Why a file can't be read that changes meanwhile.
pub(super) const UNFINISHED: &str = "it is being written";

/// The current state of each file.
#[derive(Default)]
pub(super) struct Scan {
    pub states: BTreeMap<MediaPath, FileState>,
    /// One file for each content, with the file's stamp.
    pub places: BTreeMap<Digest, (PathBuf, Stamp)>,
}

/// Digests `paths`. Reads no file again whose digest `stamps` knows.
pub(super) fn scan(
    folder: &Path,
    paths: &BTreeSet<MediaPath>,
    stamps: &mut Stamps,
    pool: &Pool,
    cancel: &Cancel,
) -> Scan {
    let mut scan = Scan::default();
    let mut unknown = Vec::new();
    let disk = OnDisk::new(folder);
    for path in paths {
        let place = disk.place(path);
        match look(&place) {
            Ok(stamp) => match stamps.digest(path.as_str(), stamp) {
                Some(digest) => scan.add(path, place, stamp, digest),
                None => unknown.push((path, place)),
            },
            Err(state) => {
                scan.states.insert(path.clone(), state);
            }
        }
    }
    let read = |(_, place): &(&MediaPath, PathBuf)| read_file(place, cancel);
    for (index, result) in pool.run(&unknown, &|| cancel.is_cancelled(), &read) {
        let ((path, place), Ok(result)) = (&unknown[index], result) else { continue };
        match result {
            Ok((stamp, digest, now_ns)) => {
                stamps.remember(path.as_str(), stamp, digest, now_ns);
                scan.add(path, place.clone(), stamp, digest);
            }
            Err(state) => {
                scan.states.insert((*path).clone(), state);
            }
        }
    }
    scan
}

impl Scan {
    fn add(&mut self, path: &MediaPath, place: PathBuf, stamp: Stamp, digest: Digest) {
        self.states.insert(path.clone(), FileState::Read(digest));
        self.places.entry(digest).or_insert((place, stamp));
    }
}

/// Returns the stamp of a regular file, or why it can't be read.
fn look(path: &Path) -> Result<Stamp, FileState> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Stamp::of(&meta)),
        Ok(meta) if meta.is_dir() => Err(FileState::Unreadable("it is a folder".to_owned())),
        Ok(_) => Err(FileState::Unreadable("it is not a file".to_owned())),
        Err(error) => Err(unreachable_file(path, &error)),
    }
}

/// Returns why a file has no metadata.
fn unreachable_file(path: &Path, error: &std::io::Error) -> FileState {
    let is_link = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => FileState::Unreadable(io_words(error)),
        _ if is_link => FileState::Unreadable(DANGLING.to_owned()),
        std::io::ErrorKind::NotFound => FileState::Missing,
        _ => FileState::Unreadable(io_words(error)),
    }
}

/// Digests a file; tries again if it changes meanwhile.
fn read_file(path: &Path, cancel: &Cancel) -> Result<(Stamp, Digest, i128), FileState> {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos() as i128);
        let before = look(path)?;
        let digest = digest_file(path, cancel);
        let digest = digest.map_err(|error| FileState::Unreadable(io_words(&error)))?;
        if look(path)? == before {
            return Ok((before, digest, now));
        }
    }
    Err(FileState::Unreadable(UNFINISHED.to_owned()))
}
