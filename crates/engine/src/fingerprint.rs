use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::afar::Afar;
use super::listed::{Listed, list};
use super::lock_use::lock_path;
use super::on_disk::OnDisk;
use super::part_file::is_part_name;
use super::sidecars::sidecars;
use super::small_file::{MAX_LOCK, read_small, read_spec};
use mmm_base::{Cancel, MediaPath};
use mmm_spec::{Movie, Output, RuleAction, Selection, parse, roots, select};
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
    /// Returns the current fingerprint of the spec at `spec` in `folder`, and what a watch over `folder` misses
    /// of its files. Reads the spec and the lock; for media, only the metadata in the file system.
    pub fn of(spec: &Path, folder: &Path, cancel: &Cancel) -> (Self, Afar) {
        let text = read_spec(spec).ok();
        let lock = lock_path(spec);
        let mut places = vec![spec.to_owned(), lock.clone()];
        let lock = read_small(&lock, MAX_LOCK).ok();
        let movie = text.as_ref().and_then(|text| parse(text).movie);
        let files = movie.map(|movie| {
            let Listed { files: listing, .. } = listing(spec, folder, &movie, cancel);
            let disk = OnDisk::new(folder);
            let selection = select(&movie, &listing);
            let media = paths(&movie, &selection);
            let beside: Vec<MediaPath> =
                sidecars(&listing.files, &selection).into_values().flatten().collect();
            let all = media.iter().chain(beats_files(&movie)).chain(cube_files(&movie)).chain(&beside);
            let mut look = |path: &MediaPath| {
                let place = disk.place(path);
                let stamp = fs::metadata(&place).ok().map(|meta| Stamp::of(&meta));
                places.push(place);
                (path.clone(), stamp)
            };
            let found = all.map(&mut look).collect();
            places.extend(dead_links(folder, &movie));
            found
        });
        let afar = Afar::of(folder, places.iter());
        (Self { spec: text, lock, files: files.unwrap_or_default() }, afar)
    }

    /// Whether `other` differs in nothing but the lock.
    pub fn is_but_for_lock(&self, other: &Self) -> bool {
        self.spec == other.spec && self.files == other.files
    }
}

/// Returns the links which lead nowhere among the paths of the movie's rules and the folders around them. What
/// they lead to may appear.
fn dead_links(folder: &Path, movie: &Movie) -> Vec<PathBuf> {
    let mut dead = BTreeSet::new();
    for rule in movie.media.iter().filter(|rule| rule.action != RuleAction::Drop) {
        let pattern = rule.pattern.trim_end_matches('/');
        let around = std::iter::successors(Some(pattern), |path| Some(path.rsplit_once('/')?.0));
        let is_dead = |path: &PathBuf| path.is_symlink() && !path.exists();
        dead.extend(around.map(|path| folder.join(path)).filter(is_dead));
    }
    dead.into_iter().collect()
}

/// Returns the files below the folders that a movie names, in order, and what was skipped there.
pub(super) fn listing(spec: &Path, folder: &Path, movie: &Movie, cancel: &Cancel) -> Listed {
    let mut listed = list(folder, &roots(movie), cancel);
    add_named_links(&mut listed, folder, movie);
    // Files that `mmm` writes are not media; `select` leaves out the outputs.
    let drafts: BTreeSet<String> = movie.outputs.iter().map(Output::draft).collect();
    let pictures: BTreeSet<&MediaPath> = movie.outputs.iter().flat_map(Output::beside).collect();
    let lock = lock_path(spec);
    let lock = lock.file_name().and_then(|name| name.to_str());
    listed.files.files.retain(|path| {
        let is_written = drafts.contains(path.as_str()) || pictures.contains(path);
        !is_written && !is_part_name(path.name()) && Some(path.as_str()) != lock
    });
    listed
}

/// Adds the files behind links out of the folder that the movie names in full.
fn add_named_links(listed: &mut Listed, folder: &Path, movie: &Movie) {
    if listed.passed.outside.is_empty() {
        return;
    }
    let outside = listed.passed.outside.clone();
    let disk = OnDisk::new(folder);
    let mut added = BTreeSet::new();
    for rule in movie.media.iter().filter(|rule| rule.action != RuleAction::Drop) {
        for path in disk.spellings(&rule.pattern) {
            let mut around =
                std::iter::successors(Some(path.as_str()), |path| Some(path.rsplit_once('/')?.0));
            if around.any(|path| outside.contains(path)) && folder.join(&path).is_file() {
                listed.passed.outside.remove(&path);
                added.extend(MediaPath::new(&path).ok());
            }
        }
    }
    listed.files.files.extend(added);
    listed.files.files.sort();
    listed.files.files.dedup();
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
