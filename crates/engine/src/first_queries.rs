//! The first queries of a build: the spec, the files that its rules match, and their headers.

use super::db::{Db, FileState, MediaFile, Project};
use super::fact_actions::mismatch;
use super::need::Need;
use mmm_exec::{Action, Answer};
use mmm_facts::{MediaError, Probe};
use mmm_spec::{Movie, Output, Parsed, Selection, parse, select};

/// Why a file can't be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Unusable {
    Missing,
    /// The operating system denies access.
    Closed(String),
    /// Its content can't be used.
    Content(MediaError),
}

#[salsa::tracked]
pub(super) fn parsed(db: &dyn Db, project: Project) -> Parsed {
    parse(project.text(db))
}

/// Returns the movie without its spans, so that a changed comment in the spec changes nothing after this
/// query.
#[salsa::tracked]
pub(super) fn movie(db: &dyn Db, project: Project) -> Option<Movie> {
    parsed(db, project).movie.clone()
}

/// Returns one output, counted from 0, so that a change of another output changes nothing after this query.
#[salsa::tracked]
pub(super) fn output(db: &dyn Db, project: Project, index: usize) -> Option<Output> {
    movie(db, project).as_ref()?.outputs.get(index).cloned()
}

/// Returns the files that the spec includes, each with the rule that includes it.
#[salsa::tracked]
pub(super) fn selection(db: &dyn Db, project: Project) -> Selection {
    match movie(db, project) {
        Some(movie) => select(movie, project.listing(db)),
        None => Selection::default(),
    }
}

#[salsa::tracked]
pub(super) fn probe(db: &dyn Db, file: MediaFile) -> Need<Result<Probe, Unusable>> {
    let source = match file.state(db) {
        FileState::Missing => return Need::Ready(Err(Unusable::Missing)),
        FileState::Unreadable(reason) => return Need::Ready(Err(Unusable::Closed(reason.clone()))),
        FileState::Read(source) => *source,
    };
    ask(db, Action::Probe(source), |answer| match answer {
        Answer::Probe(probe) => Ok((**probe).clone()),
        Answer::Unreadable(error) => Err(Unusable::Content(error.clone())),
        _ => Err(Unusable::Content(mismatch())),
    })
}

/// Returns the answer of an action, converted by `read`, or the action itself if it has no answer yet.
pub(super) fn ask<T>(db: &dyn Db, action: Action, read: impl FnOnce(&Answer) -> T) -> Need<T> {
    match db.slot(&action).answer(db) {
        Some(answer) => Need::Ready(read(answer)),
        None => Need::Missing([action].into()),
    }
}
