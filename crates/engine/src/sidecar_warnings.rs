//! Reports files beside media that are not used.

use std::collections::BTreeSet;

use super::beside::SidecarTrouble;
use super::db::{Db, MovieDb, Project};
use super::queries;
use mmm_base::diagnostics::{Code, Diagnostic};

/// Returns a warning for each file beside the media of a movie that is not used.
pub(super) fn unused_sidecars(db: &MovieDb, project: Project) -> Vec<Diagnostic> {
    let spans = &queries::parsed(db, project).spans;
    let mut reported = BTreeSet::new();
    let mut found = Vec::new();
    for taken in queries::shown(db, project) {
        // A song has no such files, and neither has what is no medium.
        if !queries::is_picture(db, db.media(&taken.path)) {
            continue;
        }
        let unused = project.beside(db).get(&taken.path).into_iter().flat_map(|beside| &beside.unused);
        for (sidecar, trouble) in unused {
            // Several media share a name.
            if reported.insert(sidecar) {
                let at = spans.find(&format!("media[{}]", taken.last_rule));
                let warning = unused_sidecar(taken.path.as_str(), sidecar.as_str(), trouble);
                found.push(warning.at(at, "included here"));
            }
        }
    }
    found
}

/// Returns a warning about a file beside a medium.
pub(super) fn unused_sidecar(medium: &str, sidecar: &str, trouble: &SidecarTrouble) -> Diagnostic {
    let (why, help) = match trouble {
        SidecarTrouble::Unreadable(why) => (why.clone(), "make it readable, or remove it"),
        SidecarTrouble::NoXmp => {
            ("it is no XMP".to_owned(), "write it again with the program that made it, or remove it")
        }
        SidecarTrouble::NoJson => {
            ("it is no JSON".to_owned(), "export it again from Google Takeout, or remove it")
        }
        SidecarTrouble::OfOther(other) => {
            (format!("it says that it belongs to `{other}`"), "rename it after its own medium, or remove it")
        }
    };
    let message = format!("`{sidecar}` beside `{medium}` is not used: {why}");
    Diagnostic::warning(Code::MEDIA_SIDECAR, message).help(help)
}
