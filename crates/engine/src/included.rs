//! Which files the movie includes, by their headers and by what people said about them.

use super::db::{Db, MediaFile, Project};
use super::first_queries::{movie, probe, selection};
use super::need::Need;
use mmm_base::{CaptureTime, MediaPath};
use mmm_facts::{MediaKind, OUR_MARK, Probe, Said};
use mmm_spec::{Taken, Track};

/// Returns the media that the spec includes, except earlier movies by `mmm` that a pattern matches by chance.
/// Such a movie is used only if the spec names it.
pub(super) fn shown(db: &dyn Db, project: Project) -> impl Iterator<Item = &Taken> {
    included(db, project).iter().filter(move |taken| taken.named || !is_ours(db, &taken.path))
}

fn is_ours(db: &dyn Db, path: &MediaPath) -> bool {
    let probe = probe(db, db.media(path));
    matches!(probe, Need::Ready(Ok(Probe { comment: Some(comment), .. })) if comment == OUR_MARK)
}

/// Returns the files of the selection that the filters of their rules admit. A file whose headers are not known
/// yet, or can't be read, counts as admitted.
pub(super) fn included(db: &dyn Db, project: Project) -> &[Taken] {
    let taken = &selection(db, project).taken;
    // Without filters, nothing here depends on the other settings of the movie.
    let has_filters = taken.first().is_some_and(|taken| !taken.rules.is_empty());
    if has_filters { admitted(db, project) } else { taken }
}

#[salsa::tracked]
fn admitted(db: &dyn Db, project: Project) -> Vec<Taken> {
    let Some(movie) = movie(db, project) else { return Vec::new() };
    selection(db, project).admitted(movie, |path, filter| match probe(db, db.media(path)) {
        Need::Ready(Ok(probe)) => said(db, project, path, probe).passes(filter),
        _ => true,
    })
}

/// Whether the headers of a file say that it is a photo or a clip.
pub(super) fn is_picture(db: &dyn Db, file: MediaFile) -> bool {
    matches!(probe(db, file), Need::Ready(Ok(probe)) if probe.kind != MediaKind::Music)
}

/// Returns what people said about a medium, in the file and beside it.
pub(super) fn said(db: &dyn Db, project: Project, path: &MediaPath, probe: &Probe) -> Said {
    match project.beside(db).get(path) {
        Some(beside) => beside.said(probe),
        None => probe.said.clone(),
    }
}

/// Returns the capture times beside a medium.
pub(super) fn times_beside<'a>(db: &'a dyn Db, project: Project, path: &MediaPath) -> &'a [CaptureTime] {
    project.beside(db).get(path).map_or(&[], |beside| beside.times.as_slice())
}

/// Returns the music of all outputs.
pub(super) fn tracks(db: &dyn Db, project: Project) -> impl Iterator<Item = &Track> {
    let outputs = movie(db, project).iter().flat_map(|movie| &movie.outputs);
    outputs.flat_map(|output| &output.settings.music)
}

/// Returns the paths of all media and all music.
pub(super) fn named(db: &dyn Db, project: Project) -> Vec<MediaPath> {
    let tracks = tracks(db, project).map(|track| track.path.clone());
    let taken = selection(db, project).taken.iter().map(|taken| taken.path.clone());
    taken.chain(tracks).collect()
}
