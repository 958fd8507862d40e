//! Warnings about clips whose frames are damaged where the movie shows them.

use std::collections::BTreeMap;

use super::complain::path_of;
use super::db::{Db, FileState, MovieDb, Project};
use super::partly_read::rounded;
use super::queries::{self, avoided, damage};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, MediaPath};
use mmm_facts::{EditPlan, Flaw, Lack, Timeline};

/// Returns one warning for each damaged stretch of a clip in an output, with what the planner did about it.
pub(super) fn warnings(
    db: &MovieDb,
    project: Project,
    output: usize,
    plan: &EditPlan,
    timeline: &Timeline,
) -> Vec<Diagnostic> {
    let held = held_frames(damage(db, timeline).map(|damage| damage.lacks).unwrap_or_default());
    let mut found = Vec::new();
    let avoided = &avoided(db, project, output).stretches;
    for (source, flaws) in avoided {
        let Some(path) = path_of(db, project, *source) else { continue };
        let shown = |flaw: &&Flaw| !held.contains_key(&(*source, **flaw));
        found.extend(flaws.iter().filter(shown).map(|flaw| left_out(db, project, plan, &path, *flaw)));
    }
    // Where the lock avoids a flaw, rendering doesn't find it again.
    for taken in queries::shown(db, project) {
        let FileState::Read(source) = *db.media(&taken.path).state(db) else { continue };
        let Some(damage) = db.damage_of(source) else { continue };
        let held = held.keys().filter(|(held, _)| *held == source).map(|(_, flaw)| flaw);
        let reported: Vec<Flaw> = avoided.get(&source).into_iter().flatten().chain(held).copied().collect();
        let others = damage.others(&reported, &taken.known);
        found.extend(others.into_iter().map(|flaw| left_out(db, project, plan, &taken.path, flaw)));
    }
    for ((source, flaw), (start, frames)) in held {
        let Some(path) = path_of(db, project, source) else { continue };
        let shot =
            timeline.shots.iter().rev().find(|shot| shot.start <= start && shot.shot.source.path == path);
        let rate = timeline.canvas.rate;
        let at = rate.time_of(i64::from(shot.map_or(start, |shot| shot.start)));
        let long = rate.time_of(i64::from(frames));
        let message = format!(
            "`{path}` has no intact frames {}, and every plan needs them: the last intact frame is held \
             for {} of the shot at {}",
            stretch(flaw),
            rounded(long),
            rounded(at)
        );
        found.push(with_rule(db, project, &path, Diagnostic::warning(Code::RENDER_HELD, message)));
    }
    found
}

/// Reports a damaged stretch that the movie doesn't show.
fn left_out(db: &MovieDb, project: Project, plan: &EditPlan, path: &MediaPath, flaw: Flaw) -> Diagnostic {
    let done = if plan.shots.iter().any(|shot| shot.source.path == *path) {
        "the movie shows another moment of it"
    } else {
        "the movie shows other media instead"
    };
    let message = format!("`{path}` has no intact frames {}: {done}", stretch(flaw));
    with_rule(db, project, path, Diagnostic::warning(Code::RENDER_AVOIDED, message))
}

/// Returns, for each damaged stretch that the movie still shows, the first frame of its first segment and the
/// total number of frames.
fn held_frames(lacks: Vec<(u32, Lack)>) -> BTreeMap<(Digest, Flaw), (u32, u32)> {
    let mut held = BTreeMap::new();
    for (start, lack) in lacks {
        held.entry((lack.source, lack.flaw)).or_insert((start, 0)).1 += lack.frames;
    }
    held
}

/// Adds the line of the spec that includes the clip to a warning.
fn with_rule(db: &MovieDb, project: Project, path: &MediaPath, warning: Diagnostic) -> Diagnostic {
    let taken = queries::selection(db, project).taken.iter().find(|taken| taken.path == *path);
    let rule = taken.map(|taken| format!("media[{}]", taken.last_rule));
    let place = rule.and_then(|rule| queries::parsed(db, project).spans.find(&rule));
    warning
        .at(place, "included here")
        .help("copy the clip again from its source, or exclude the damaged part with `in` and `out`")
}

fn stretch(flaw: Flaw) -> String {
    match flaw.to {
        Some(to) => format!("from {} to {}", rounded(flaw.from), rounded(to)),
        None => format!("from {} to its end", rounded(flaw.from)),
    }
}
