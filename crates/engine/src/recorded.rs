//! What the headers of media tell about when they were taken.

use super::db::{Db, Project};
use super::included::times_beside;
use super::need::Need;
use super::queries::{movie, output, probe, shown};
use mmm_facts::{MediaKind, TimeRemark};
use mmm_plan::Recorded;

/// Returns the photos and clips that can be read, as far as their headers tell.
pub(super) fn recorded(db: &dyn Db, project: Project) -> Vec<Recorded<'_>> {
    let recorded = shown(db, project).filter_map(|taken| match probe(db, db.media(&taken.path)) {
        Need::Ready(Ok(probe)) if probe.kind != MediaKind::Music => Some(Recorded {
            path: &taken.path,
            known: &taken.known,
            probe,
            beside: times_beside(db, project, &taken.path),
        }),
        _ => None,
    });
    recorded.collect()
}

/// Returns what a wrong clock would explain about the capture times of an output's media.
#[salsa::tracked]
pub(super) fn time_remarks(db: &dyn Db, project: Project, index: usize) -> Vec<TimeRemark> {
    let (Some(movie), Some(output)) = (movie(db, project), output(db, project, index)) else {
        return Vec::new();
    };
    mmm_plan::time_remarks(&recorded(db, project), &movie.cameras, &output.settings.constraints)
}
