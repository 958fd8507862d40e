use mmm_base::Time;
use mmm_facts::{ClipFacts, ClipTrouble, Conflict, Flaw, Medium, SourceShot};
use mmm_spec::Known;

/// A stretch of a clip that can be shown: inside one source shot, inside `in..out`, and without flaws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    /// Start of the range that a shot can show.
    pub start: Time,
    pub end: Time,
    /// The range for the handles of its transitions.
    pub outer: (Time, Time),
}

impl Run {
    /// Returns how long a shot from it can be.
    pub fn length(&self) -> Time {
        self.end - self.start
    }
}

/// Distance to keep from a cut in the source, whose position is known only to about a frame.
const GUARD: Time = Time::from_millis(40);
/// Distance to keep before a flaw: frames shown shortly before a damaged one may depend on it.
const LEAD: Time = Time::from_millis(200);
/// Half of the shortest dissolve that is recognizable as one.
const HANDLE: Time = Time::from_millis(250);
/// How far `out` may be after the end of the clip before it is an error; containers round.
const SLACK: Time = Time::from_millis(100);

/// Returns the stretches of a clip that can be shown; with `handles`, leaves room on both sides for
/// transitions.
pub(super) fn runs(owner: &Medium, facts: &ClipFacts, handles: bool) -> Result<Vec<Run>, Conflict> {
    let (from, to) = bounds(owner, facts)?;
    let handle = if handles { owner.known.speed.unwrap_or_default().seen_in(HANDLE) } else { Time::ZERO };
    let clear = |(start, end): (Time, Time)| clear_of(&owner.flaws, start.max(from), end.min(to));
    let clear = shots(facts).into_iter().flat_map(clear);
    Ok(clear.filter_map(|(start, end)| run(start, end, handle)).collect())
}

/// Returns the stretches of a clip whatever the spec says of it.
pub(super) fn whole_runs(facts: &ClipFacts) -> Vec<Run> {
    shots(facts).into_iter().filter_map(|(start, end)| run(start, end, Time::ZERO)).collect()
}

/// Returns the shots of the source, without what is too close to a cut.
fn shots(facts: &ClipFacts) -> Vec<(Time, Time)> {
    let shots = &facts.picture.shots;
    if shots.is_empty() {
        return vec![(Time::ZERO, facts.picture.duration)];
    }
    let last = shots.len() - 1;
    let inside = |(index, shot): (usize, &SourceShot)| {
        let guard = if shot.end - shot.start > Time::from_secs(1) { GUARD } else { Time::ZERO };
        let start = if index > 0 { shot.start + guard } else { shot.start };
        (start, if index < last { shot.end - guard } else { shot.end })
    };
    shots.iter().enumerate().map(inside).collect()
}

/// Returns the parts of a stretch that are clear of `flaws`, which must be in order.
fn clear_of(flaws: &[Flaw], start: Time, end: Time) -> Vec<(Time, Time)> {
    let mut clear = Vec::new();
    let mut from = start;
    for flaw in flaws.iter().filter(|flaw| flaw.from < end && flaw.to.is_none_or(|to| to > start)) {
        clear.push((from, flaw.from - LEAD));
        from = flaw.to.map_or(end, |to| to + GUARD);
    }
    clear.push((from, end));
    clear
}

fn run(start: Time, end: Time, handle: Time) -> Option<Run> {
    let margin = handle.min((end - start).scale(1, 6));
    (end > start).then_some(Run { start: start + margin, end: end - margin, outer: (start, end) })
}

/// Returns `in..out`, checked against the clip.
fn bounds(owner: &Medium, facts: &ClipFacts) -> Result<(Time, Time), Conflict> {
    let Known { from, to, .. } = owner.known;
    let length = facts.picture.duration;
    let impossible = |trouble| Conflict::Clip { path: owner.path.clone(), rule: owner.rule, trouble };
    if let Some(from) = from
        && (from < Time::ZERO || from >= facts.picture.duration)
    {
        return Err(impossible(ClipTrouble::InOutside { length }));
    }
    if let Some(to) = to
        && (to <= Time::ZERO || to > facts.picture.duration + SLACK)
    {
        return Err(impossible(ClipTrouble::OutOutside { length }));
    }
    let (start, end) =
        (from.unwrap_or(Time::ZERO), to.unwrap_or(facts.picture.duration).min(facts.picture.duration));
    if start >= end && (from.is_some() || to.is_some()) {
        return Err(impossible(ClipTrouble::InAfterOut { from: start, to: end }));
    }
    Ok((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;
    use mmm_facts::sample::{clip, clip_facts};

    fn secs(secs: f64) -> Time {
        Time::from_secs_f64(secs)
    }

    #[test]
    fn runs_keep_to_source_shots_and_in_and_out() {
        let mut medium = clip("a.mp4", 0, secs(10.0));
        let facts = clip_facts(&mut medium);
        facts.picture.shots = vec![
            SourceShot { start: Time::ZERO, end: secs(4.0) },
            SourceShot { start: secs(4.0), end: secs(10.0) },
        ];
        let facts = facts.clone();
        medium.known.from = Some(secs(1.0));
        medium.known.to = Some(secs(9.0));
        let found: Vec<_> =
            runs(&medium, &facts, false).unwrap().iter().map(|run| (run.start, run.end)).collect();
        assert_eq!(found, [(secs(1.0), secs(3.96)), (secs(4.04), secs(9.0))]);
        let run = runs(&medium, &facts, true).unwrap()[0];
        assert_eq!((run.start, run.end, run.outer), (secs(1.25), secs(3.71), (secs(1.0), secs(3.96))));
    }

    #[test]
    fn runs_keep_clear_of_flaws() {
        let mut medium = clip("a.mp4", 0, secs(10.0));
        let facts = clip_facts(&mut medium).clone();
        let mut found = |flaws: &[(f64, Option<f64>)]| -> Vec<(Time, Time)> {
            let flaw = |&(from, to): &(f64, Option<f64>)| Flaw { from: secs(from), to: to.map(secs) };
            medium.flaws = flaws.iter().map(flaw).collect();
            runs(&medium, &facts, false).unwrap().iter().map(|run| (run.start, run.end)).collect()
        };
        assert_eq!(found(&[(4.0, Some(6.0))]), [(secs(0.0), secs(3.8)), (secs(6.04), secs(10.0))]);
        assert_eq!(found(&[(0.0, Some(2.0)), (9.0, None)]), [(secs(2.04), secs(8.8))]);
        assert_eq!(found(&[(0.0, None)]), []);
    }

    #[test]
    fn times_outside_of_the_clip_are_conflicts() {
        let place = |from: Option<f64>, to: Option<f64>| {
            let mut medium = clip("a.mp4", 3, secs(5.0));
            medium.known.from = from.map(secs);
            medium.known.to = to.map(secs);
            let facts = clip_facts(&mut medium).clone();
            runs(&medium, &facts, false).err().map(|conflict| words::conflict(&conflict).places[0].0.clone())
        };
        assert_eq!(place(Some(5.0), None).as_deref(), Some("media[3].in"));
        assert_eq!(place(Some(3.0), Some(2.0)).as_deref(), Some("media[3].in"));
        assert_eq!(place(None, Some(5.2)).as_deref(), Some("media[3].out"));
        assert_eq!(place(Some(1.0), Some(5.05)), None);
    }
}
