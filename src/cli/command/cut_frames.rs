//! How the movie of a cut frames its media, and where they may be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mmm_base::{Digest, MediaPath, Score, Time};
use mmm_engine::{MomentFiles, MomentFrame};
use mmm_plan::lock::Lock;
use mmm_spec::{Listing, Movie, PhotoMotion, parse, select};

/// The frames of one cut.
pub(super) struct CutFrames {
    /// The spec of the cut; `None` if there is none that can be read.
    movie: Option<Movie>,
    /// The points that the spec keeps in the frame, by the content of the media.
    focus: BTreeMap<Digest, (Score, Score)>,
    /// The paths of the lock, by content.
    paths: BTreeMap<Digest, MediaPath>,
    /// The folder of the lock or the spec.
    folder: PathBuf,
    has_spec_on_disk: bool,
}

impl CutFrames {
    /// Creates the frames of a cut from its lock and the bytes of its spec. `folder` is that of the lock.
    pub fn new(lock: &Lock, spec: Option<&[u8]>, folder: PathBuf, has_spec_on_disk: bool) -> Self {
        let movie = spec.and_then(|spec| parse(spec).movie);
        let listing = Listing { files: lock.media.keys().cloned().collect(), folders: Vec::new() };
        let taken = movie.as_ref().map(|movie| select(movie, &listing).taken).unwrap_or_default();
        let focus =
            taken.iter().filter_map(|taken| Some((*lock.media.get(&taken.path)?, taken.known.focus?)));
        let focus = focus.collect();
        let paths = lock.media.iter().map(|(path, digest)| (*digest, path.clone())).collect();
        Self { movie, focus, paths, folder, has_spec_on_disk }
    }

    /// Takes over the spec of another cut, if this one has none.
    pub fn inherit(&mut self, other: &Self) {
        if self.movie.is_none() {
            (self.movie, self.focus) = (other.movie.clone(), other.focus.clone());
        }
    }

    /// Returns how an output frames a medium in a shot of this length.
    pub fn of(&self, output: &MediaPath, source: Digest, length: Time) -> MomentFrame {
        let outputs = self.movie.as_ref().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        let named = outputs.iter().find(|known| known.name == *output);
        let Some(output) = named.or(outputs.first()) else { return MomentFrame::default() };
        let focus = self.focus.get(&source).copied();
        let style = &output.settings.style;
        let move_for = (style.photos == PhotoMotion::KenBurns).then_some(length);
        MomentFrame { aspect: output.settings.aspect, fit: style.fit, focus, move_for }
    }

    /// Returns width and height of an output.
    pub fn shape(&self, output: &MediaPath) -> (u32, u32) {
        self.of(output, Digest::of(b""), Time::ZERO).size()
    }
}

/// Returns where the media of two cuts may be: in the place that each lock names, below its folder or below
/// that of the other cut; else anywhere below a folder with a spec, of which `home` may be one more.
pub(super) fn media_of(cuts: [&CutFrames; 2], home: &Path) -> MomentFiles {
    let mut files = MomentFiles::default();
    for (own, other) in [(cuts[0], cuts[1]), (cuts[1], cuts[0])] {
        for (source, path) in &own.paths {
            let known = files.known.entry(*source).or_default();
            known.extend([path.under(&own.folder), path.under(&other.folder)]);
        }
        if own.has_spec_on_disk {
            files.folders.insert(own.folder.clone());
        }
    }
    if home.join("movie.yaml").is_file() {
        files.folders.insert(home.to_owned());
    }
    files
}
