use super::arrange::{Arranger, Stage, stages};
use super::cuts::partition;
use super::keep::keep;
use super::solved::Solved;
use crate::cast::Cast;
use crate::music::{Extent, Grid, Pace, length};
use mmm_base::Time;
use mmm_facts::{Conflict, Material, Shortage};
use mmm_spec::{Constraints, Length};

/// The shares of the best length that are tried if the length is open.
const SHARES: [f64; 6] = [1.0, 0.9, 0.8, 0.65, 0.5, 0.35];

/// Up to this many media are all shown: first for a fixed length, then for an open one.
const SMALL: (usize, usize) = (40, 120);

/// Assigns media to shots. Keeps to the earlier plan if possible, otherwise uses the first stage that can
/// fill the movie. If the length is open, a shorter movie is better than a worse one.
pub(crate) fn solve<'a>(material: &'a Material, cast: &Cast, pace: &Pace) -> Result<Solved<'a>, Conflict> {
    if let Some(kept) = &material.kept
        && let Some(solved) = keep(material, cast, pace, kept)
    {
        return Ok(solved);
    }
    let settings = &material.settings;
    let open = length::is_open(settings.duration);
    let shares = if open { &SHARES[..] } else { &SHARES[..1] };
    let small = if open { SMALL.1 } else { SMALL.0 };
    for stage in stages(&settings.constraints) {
        let mut tried = None;
        for &share in shares {
            let extent = length::decide(material, cast, pace, share)?;
            if tried == Some(extent.length) || room(cast, &stage) < extent.length {
                continue;
            }
            tried = Some(extent.length);
            let grid = grid(material, &extent, pace, &stage);
            if let Some(takes) = (Arranger { cast, grid: &grid, stage, small }).arrange() {
                return Ok(Solved { extent, grid, takes });
            }
        }
    }
    Err(refusal(material, cast, pace)?)
}

fn grid(material: &Material, extent: &Extent, pace: &Pace, stage: &Stage) -> Grid {
    let cut_on = material.settings.constraints.cut_on;
    Grid::of(&extent.cues, extent.length, cut_on, pace, stage.limits.photo)
}

/// Returns how much a stage can fill if everything is shown as long and as often as allowed.
fn room(cast: &Cast, stage: &Stage) -> Time {
    let pool = cast.pool(stage.tier, &stage.limits);
    let once: Time = pool.iter().map(|&index| cast.candidates[index].longest(&stage.limits)).sum();
    let turns = i128::from(stage.repeats) + 1;
    let most = (i128::from(once.micros()) * turns).min(i128::from(i64::MAX));
    Time::from_micros(most as i64)
}

/// Returns why not even the last stage can fill the movie.
fn refusal(material: &Material, cast: &Cast, pace: &Pace) -> Result<Conflict, Conflict> {
    let settings = &material.settings;
    let constraints = &settings.constraints;
    let share = if length::is_open(settings.duration) { SHARES[SHARES.len() - 1] } else { 1.0 };
    let extent = length::decide(material, cast, pace, share)?;
    let stages = stages(constraints);
    let Some(stage) = stages.last() else { return Ok(Conflict::NothingToShow) };
    let pool = cast.pool(stage.tier, &stage.limits);
    if pool.is_empty() {
        return Ok(Conflict::AllTooShort { shortest: stage.limits.min, set: constraints.shot.is_some() });
    }
    let wanted = extent.length;
    let too_little = |filled: Time| {
        let is_copy = |index: &usize| {
            !cast.candidates[*index].required && cast.twins[*index].is_some_and(|twin| !twin.may_show_both())
        };
        let copies = (0..cast.candidates.len()).filter(is_copy).count();
        Conflict::TooLittle(Shortage {
            wanted,
            filled,
            usable: pool.len(),
            copies,
            longest: stage.limits.max(),
            set: constraints.shot.is_some(),
            repeats: constraints.repeats,
            as_music: settings.duration == Length::Music,
        })
    };
    let room = room(cast, stage);
    if room < wanted {
        return Ok(too_little(room));
    }
    let grid = grid(material, &extent, pace, stage);
    let required: Vec<usize> =
        cast.candidates.iter().filter(|one| one.required).map(|one| one.medium.rule).collect();
    let needed = needed(&grid, required.len(), stage.limits.min);
    if needed > wanted {
        let (shortest, set) = (stage.limits.min, constraints.shot.is_some());
        return Ok(Conflict::TooMuchRequired { rules: required, needed, wanted, shortest, set });
    }
    if partition(&grid, stage.limits.min, stage.limits.max(), 1.0).is_none() {
        return Ok(no_cuts(constraints, wanted, grid.spacing()));
    }
    let filled = filled(cast, &grid, &pool, stage);
    Ok(too_little(filled.min(wanted - Time::from_millis(100))))
}

/// Returns why no cuts let every shot be as long as the spec asks.
fn no_cuts(constraints: &Constraints, wanted: Time, spacing: Time) -> Conflict {
    let (shortest, longest) = constraints.shot.unwrap_or((Time::from_millis(500), Time::from_secs(20)));
    if wanted < shortest {
        Conflict::ShorterThanAShot { wanted, shortest }
    } else {
        Conflict::NoCuts { shortest, longest, spacing }
    }
}

/// Returns how long `count` of the shortest shots take on this grid.
fn needed(grid: &Grid, count: usize, min: Time) -> Time {
    let mut node = 0;
    for shown in 0..count {
        let start = grid.nodes[node].time;
        let next = grid.nodes.partition_point(|other| other.time - start < min);
        if next >= grid.nodes.len() {
            // Assume that the rest are as long as those that fit.
            let rest = i64::try_from(count - shown).unwrap_or(i64::MAX);
            let each = Time::from_micros(start.micros() / shown.max(1) as i64).max(min);
            return start + each.scale(rest, 1);
        }
        node = next;
    }
    grid.nodes[node].time
}

/// Returns how far the pool reaches if every medium lasts as many whole steps of the grid as it can.
fn filled(cast: &Cast, grid: &Grid, pool: &[usize], stage: &Stage) -> Time {
    let mut node = 0;
    for _ in 0..=stage.repeats.min(1000) {
        for &index in pool {
            let longest = cast.candidates[index].longest(&stage.limits);
            let end = grid.nodes[node].time + longest;
            node = grid.nodes.partition_point(|other| other.time <= end) - 1;
        }
    }
    grid.nodes[node].time
}
