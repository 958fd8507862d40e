//! What the segments of a movie lack, and which stretches of clips its plan therefore spares.
//!
//! Facts come from keyframes, so that a plan may name a moment whose other pictures are damaged. That is seen
//! when the segment is made, is part of its answer, and so is known from the cache from then on.

use std::collections::BTreeMap;

use super::complain::path_of;
use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::queries::{self, laid_out, planned};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, MediaPath, Time};
use mmm_exec::{Action, Answer};
use mmm_facts::EditPlan;
use mmm_facts::Flaw;
use mmm_facts::Lack;
use mmm_facts::Timeline;

/// Stretches of clips, each clip's in order.
pub(super) type Spared = BTreeMap<Digest, Vec<Flaw>>;

/// How often a plan gives way to what its segments lack: each time a part of a clip is seen for the first time.
const ROUNDS: usize = 6;

/// The stretches of clips that the plan of an output does without, as far as its segments are made.
///
/// A plan is only judged when all of its segments are there, so it does not matter in which order they were made.
#[salsa::tracked]
pub(super) fn spared(db: &dyn Db, project: Project, output: usize) -> Spared {
    let mut spared = Spared::new();
    for _ in 0..ROUNDS {
        let Need::Ready(Some(timeline)) =
            laid_out(db, project, output, planned(db, project, output, spared.clone()))
        else {
            break;
        };
        let Some(lacks) = lacks(db, &timeline) else { break };
        let more = with_as_many_as_can_be(db, project, output, &spared, lacks);
        if more == spared {
            break;
        }
        spared = more;
    }
    spared
}

/// What is spared, and as much of what is lacking as leaves a plan, clip by clip.
fn with_as_many_as_can_be(
    db: &dyn Db,
    project: Project,
    output: usize,
    spared: &Spared,
    lacks: Vec<(u32, Lack)>,
) -> Spared {
    let mut found = Spared::new();
    for (_, lack) in lacks {
        found.entry(lack.source).or_default().push(lack.flaw);
    }
    let join = |base: &Spared, source: Digest, flaws: &[Flaw]| {
        let mut joined = base.clone();
        let known = joined.entry(source).or_default();
        *known = Flaw::merged(known.iter().chain(flaws).copied().collect());
        joined
    };
    let mut more = spared.clone();
    for (source, flaws) in &found {
        let next = join(&more, *source, flaws);
        if matches!(planned(db, project, output, next.clone()), Need::Ready(Some(Ok(_)))) {
            more = next;
        }
    }
    more
}

/// What the segments of a timeline lack, each with the first frame of its segment; none while not all are made.
pub(super) fn lacks(db: &dyn Db, timeline: &Timeline) -> Option<Vec<(u32, Lack)>> {
    let mut found = Vec::new();
    for segment in &timeline.segments {
        let answer = db.slot(&Action::Segment(Box::new(segment.recipe.clone()))).answer(db).as_ref()?;
        if let Answer::Lacking(_, lacks) = &**answer {
            found.extend(lacks.iter().map(|lack| (segment.start, *lack)));
        }
    }
    Some(found)
}

/// What is to be said of the clips whose pictures are lacking for an output: one warning for each stretch, with
/// what was done about it.
pub(super) fn warnings(
    db: &MovieDb,
    project: Project,
    output: usize,
    plan: &EditPlan,
    timeline: &Timeline,
) -> Vec<Diagnostic> {
    let held = held(lacks(db, timeline).unwrap_or_default());
    let mut found = Vec::new();
    for (source, flaws) in spared(db, project, output) {
        let Some(path) = path_of(db, project, *source) else { continue };
        let done = if plan.shots.iter().any(|shot| shot.source.path == path) {
            "the movie shows another moment of it"
        } else {
            "the movie shows other media instead"
        };
        let shown = |flaw: &&Flaw| !held.contains_key(&(*source, **flaw));
        found.extend(flaws.iter().filter(shown).map(|flaw| {
            let message = format!("`{path}` has no intact frames {}: {done}", stretch(*flaw));
            told(db, project, &path, Diagnostic::warning(Code::RENDER_AVOIDED, message))
        }));
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
        found.push(told(db, project, &path, Diagnostic::warning(Code::RENDER_HELD, message)));
    }
    found
}

/// For each stretch that is shown all the same, the first segment that does, and for how many frames it is in all.
fn held(lacks: Vec<(u32, Lack)>) -> BTreeMap<(Digest, Flaw), (u32, u32)> {
    let mut held = BTreeMap::new();
    for (start, lack) in lacks {
        held.entry((lack.source, lack.flaw)).or_insert((start, 0)).1 += lack.frames;
    }
    held
}

/// A warning with the line of the spec that takes the clip in.
fn told(db: &MovieDb, project: Project, path: &MediaPath, warning: Diagnostic) -> Diagnostic {
    let taken = queries::selection(db, project).taken.iter().find(|taken| taken.path == *path);
    let rule = taken.map(|taken| format!("media[{}]", taken.told_by));
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

/// To the hundredth of a second.
fn rounded(time: Time) -> Time {
    Time::from_millis((time.micros() + 5_000).div_euclid(10_000) * 10)
}
