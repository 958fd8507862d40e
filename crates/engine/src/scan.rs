//! Finds and digests the files of a project.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::db::FileState;
use mmm_base::{Cancel, Digest, MediaPath};
use mmm_exec::Pool;
use mmm_spec::Root;
use mmm_store::digest_file;
use mmm_store::{Stamp, Stamps};

/// How many folders deep a listing goes, which ends loops of links.
const MOST_DEPTH: usize = 32;

/// The files of a folder that a rule may include, in no order.
#[derive(Default)]
pub(super) struct Listed {
    pub files: Vec<MediaPath>,
    pub passed: Passed,
}

/// What a listing skips.
#[derive(Default)]
pub(super) struct Passed {
    /// Names that are not UTF-8.
    pub odd: Vec<PathBuf>,
    /// Links that lead out of the movie's folder, with `/` between the parts of their paths.
    pub outside: BTreeSet<String>,
}

/// Lists every file of `folder` that `root` covers.
pub(super) fn list(folder: &Path, root: &Root) -> Listed {
    let start = folder.join(&root.path);
    let home = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut walk = Walk { home, hidden: root.hidden, found: Listed::default() };
    if start.is_dir() {
        if walk.is_inside(&start, &root.path) {
            walk.folder(&start, &root.path, if root.recursive { MOST_DEPTH } else { 0 });
        }
    } else if let Ok(path) = MediaPath::new(&root.path)
        && start.exists()
    {
        // A file that the spec names exactly may be a link to anywhere.
        walk.found.files.push(path);
    }
    walk.found
}

/// The state of a recursive listing.
struct Walk {
    home: PathBuf,
    /// Whether to include hidden names.
    hidden: bool,
    found: Listed,
}

impl Walk {
    /// Whether `path` leads to something that exists inside the movie's folder. Records a link that leads out
    /// of it.
    fn is_inside(&mut self, path: &Path, name: &str) -> bool {
        let Ok(real) = fs::canonicalize(path) else { return false };
        let inside = real.starts_with(&self.home);
        if !inside {
            self.found.passed.outside.insert(name.to_owned());
        }
        inside
    }

    fn folder(&mut self, folder: &Path, name: &str, depth: usize) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Some(text) = entry.file_name().to_str().map(str::to_owned) else {
                self.found.passed.odd.push(path);
                continue;
            };
            if text.starts_with('.') && !self.hidden {
                continue;
            }
            let below = if name.is_empty() { text } else { format!("{name}/{text}") };
            // Links are followed only inside the folder.
            if !self.is_inside(&path, &below) {
                continue;
            }
            if path.is_dir() {
                // A link to an enclosing folder would loop forever.
                if depth > 0 && !folder_contains(&path, folder) {
                    self.folder(&path, &below, depth - 1);
                }
            } else if let Ok(below) = MediaPath::new(&below) {
                self.found.files.push(below);
            }
        }
    }
}

/// Whether `folder` is `outer` or inside it.
fn folder_contains(outer: &Path, folder: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(folder).zip(real(outer)).is_some_and(|(folder, outer)| folder.starts_with(outer))
}

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
    for path in paths {
        match look(&path.under(folder)) {
            Ok(stamp) => match stamps.digest(path.as_str(), stamp) {
                Some(digest) => scan.add(folder, path, stamp, digest),
                None => unknown.push(path),
            },
            Err(state) => {
                scan.states.insert(path.clone(), state);
            }
        }
    }
    let read = |path: &&MediaPath| read_file(&path.under(folder), cancel);
    for (index, result) in pool.run(&unknown, &|| cancel.is_cancelled(), &read) {
        let (path, Ok(result)) = (unknown[index], result) else { continue };
        match result {
            Ok((stamp, digest, now_ns)) => {
                stamps.remember(path.as_str(), stamp, digest, now_ns);
                scan.add(folder, path, stamp, digest);
            }
            Err(state) => {
                scan.states.insert(path.clone(), state);
            }
        }
    }
    scan
}

impl Scan {
    fn add(&mut self, folder: &Path, path: &MediaPath, stamp: Stamp, digest: Digest) {
        self.states.insert(path.clone(), FileState::Read(digest));
        self.places.entry(digest).or_insert_with(|| (path.under(folder), stamp));
    }
}

/// Returns the stamp of a regular file, or why it can't be read.
fn look(path: &Path) -> Result<Stamp, FileState> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Stamp::of(&meta)),
        Ok(meta) if meta.is_dir() => Err(FileState::Unreadable("it is a folder".to_owned())),
        Ok(_) => Err(FileState::Unreadable("it is not a file".to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(FileState::Missing),
        Err(error) => Err(FileState::Unreadable(mmm_base::diagnostics::io_words(&error))),
    }
}

/// Digests a file; tries again if it changes meanwhile.
fn read_file(path: &Path, cancel: &Cancel) -> Result<(Stamp, Digest, i128), FileState> {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos() as i128);
        let before = look(path)?;
        let digest = digest_file(path, cancel);
        let digest =
            digest.map_err(|error| FileState::Unreadable(mmm_base::diagnostics::io_words(&error)))?;
        if look(path)? == before {
            return Ok((before, digest, now));
        }
    }
    Err(FileState::Unreadable("it is being written".to_owned()))
}
