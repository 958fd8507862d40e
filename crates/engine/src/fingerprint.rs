use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::lock_use::lock_path;
use super::part_file::is_part_name;
use super::scan::{Listed, Passed, list};
use super::sidecars::sidecars;
use super::small_file::{MAX_LOCK, read_small, read_spec};
use mmm_base::MediaPath;
use mmm_spec::{Movie, Selection, parse, roots, select};
use mmm_store::Stamp;

/// What a project's files look like from outside. While it stays the same, a build would find nothing new.
/// Notes, swap files and other movies in the folder don't change it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Fingerprint {
    spec: Option<Vec<u8>>,
    pub lock: Option<Vec<u8>>,
    /// Every medium and every piece of music, with its stamp if the file exists.
    files: BTreeMap<MediaPath, Option<Stamp>>,
}

impl Fingerprint {
    /// Returns the current fingerprint of the spec at `spec` in `folder`. Reads the spec and the lock; for
    /// media, only the metadata in the file system.
    pub fn of(spec: &Path, folder: &Path) -> Self {
        let text = read_spec(spec).ok();
        let lock = read_small(&lock_path(spec), MAX_LOCK).ok();
        let movie = text.as_ref().and_then(|text| parse(text).movie);
        let files = movie.map(|movie| {
            let Listed { files: listing, .. } = listing(spec, folder, &movie);
            let stamp = |path: &MediaPath| fs::metadata(path.under(folder)).ok().map(|meta| Stamp::of(&meta));
            let selection = select(&movie, &listing);
            let media = paths(&movie, &selection);
            let beside: Vec<MediaPath> = sidecars(&listing, &selection).into_values().flatten().collect();
            media
                .iter()
                .chain(beats_files(&movie))
                .chain(cube_files(&movie))
                .chain(&beside)
                .map(|path| (path.clone(), stamp(path)))
                .collect()
        });
        Self { spec: text, lock, files: files.unwrap_or_default() }
    }
}

/// Returns the files below the folders that a movie names, in order, and what was skipped there.
pub(super) fn listing(spec: &Path, folder: &Path, movie: &Movie) -> Listed {
    let (mut listing, mut passed) = (BTreeSet::new(), Passed::default());
    for root in roots(movie) {
        let Listed { files, passed: Passed { odd, outside } } = list(folder, &root);
        listing.extend(files);
        passed.odd.extend(odd);
        passed.outside.extend(outside);
    }
    passed.odd.sort();
    // Files that `mmm` writes are not media; `select` leaves out the outputs.
    for output in &movie.outputs {
        listing.retain(|path| path.as_str() != output.draft() && output.pictures().all(|own| own != path));
    }
    listing.retain(|path| !is_part_name(path.name()));
    if let Some(name) = lock_path(spec).file_name() {
        listing.retain(|path| path.as_str() != name);
    }
    Listed { files: listing.into_iter().collect(), passed }
}

/// Returns the lists of beats that a movie names.
pub(super) fn beats_files(movie: &Movie) -> impl Iterator<Item = &MediaPath> {
    let tracks = movie.outputs.iter().flat_map(|output| &output.settings.music);
    tracks.filter_map(|track| track.beats.file.as_ref())
}

/// Returns the colour tables that a movie names.
pub(super) fn cube_files(movie: &Movie) -> impl Iterator<Item = &MediaPath> {
    movie.outputs.iter().filter_map(|output| output.settings.style.cube.as_ref())
}

/// Returns every selected medium and every piece of music.
pub(super) fn paths(movie: &Movie, selection: &Selection) -> BTreeSet<MediaPath> {
    let tracks = movie.outputs.iter().flat_map(|output| &output.settings.music);
    let taken = selection.taken.iter().map(|taken| taken.path.clone());
    taken.chain(tracks.map(|track| track.path.clone())).collect()
}
