use super::arrange::{Arranger, Stage, stages};
use super::cuts::partition;
use super::grids::{grids, on_grid};
use super::keep::keep;
use super::others::others;
use super::solved::Solved;
use super::take::Take;
use super::ways::ways_out;
use crate::cast::{Candidate, Cast, Limits, Wishes};
use crate::music::{Extent, Grid, Pace, length};
use mmm_base::Time;
use mmm_facts::{Conflict, Material, Shortage};
use mmm_spec::Length;

/// The shares of the best length that are tried if the length is open.
const SHARES: [f64; 6] = [1.0, 0.9, 0.8, 0.65, 0.5, 0.35];
/// A share that lets required media make the movie longer than its music.
const BEYOND_MUSIC: f64 = 1.001;

/// Up to this many media are all shown: first for a fixed length, then for an open one.
const SMALL: (usize, usize) = (40, 120);

/// Assigns media to shots. Keeps to the earlier plan if possible, otherwise plans from scratch.
pub(crate) fn solve<'a>(material: &'a Material, cast: &Cast, pace: &Pace) -> Result<Solved<'a>, Conflict> {
    if let Some(kept) = &material.kept
        && let Some(solved) = keep(material, cast, pace, kept)
    {
        return Ok(solved);
    }
    match from_scratch(material, cast, pace)? {
        Some(solved) => Ok(solved),
        None => Err(ways_out(material, refusal(material, cast, pace)?, plan_exists)),
    }
}

/// Whether a plan from scratch exists, or a conflict that has nothing to do with lengths and amounts.
fn plan_exists(material: &Material) -> bool {
    let wishes = Wishes::read(material.settings.prompt.as_deref());
    let pace = Pace::new(material.settings.style.pace, wishes.pace);
    let cast = Cast::gather_held(material, &wishes);
    cast.is_ok_and(|cast| matches!(from_scratch(material, &cast, &pace), Ok(Some(_))))
}

/// Uses the first stage that can fill the movie. If the length is open, a shorter movie is better than a
/// worse one. Returns `None` if no stage can fill it.
fn from_scratch<'a>(
    material: &'a Material,
    cast: &Cast,
    pace: &Pace,
) -> Result<Option<Solved<'a>>, Conflict> {
    let settings = &material.settings;
    let shares = if length::is_open(settings.duration) { &SHARES[..] } else { &SHARES[..1] };
    let stages = stages(cast, &settings.constraints);
    let last = stages.len() - 1;
    for (index, stage) in stages.iter().enumerate() {
        let mut tried = None;
        let beyond = settings.duration == Length::Auto && index == last;
        let shares = shares.iter().copied().chain(beyond.then_some(BEYOND_MUSIC));
        for share in shares {
            let extent = length::decide(material, cast, pace, share)?;
            if tried == Some(extent.length) {
                continue;
            }
            tried = Some(extent.length);
            if let Some((grid, takes)) = arranged(material, cast, pace, *stage, &extent) {
                return Ok(Some(Solved { extent, grid, takes }));
            }
        }
    }
    if settings.constraints.shot.is_none() {
        return Ok(None);
    }
    let others = others(material, cast, pace)?;
    for (stage, extent) in stages.iter().flat_map(|stage| others.iter().map(move |one| (stage, one))) {
        if let Some((grid, takes)) = arranged(material, cast, pace, *stage, extent) {
            return Ok(Some(Solved { extent: extent.clone(), grid, takes }));
        }
    }
    Ok(None)
}

/// Returns the takes of one stage in a movie of this length and music, on the first grid that allows any.
fn arranged(
    material: &Material,
    cast: &Cast,
    pace: &Pace,
    stage: Stage,
    extent: &Extent,
) -> Option<(Grid, Vec<Take>)> {
    if room(material, cast, &stage) < extent.length {
        return None;
    }
    let small = if length::is_open(material.settings.duration) { SMALL.1 } else { SMALL.0 };
    // Required media may need the shortest shots, which beats that are heard late by a hair would forbid.
    let is_required = cast.candidates.iter().any(|candidate| candidate.required);
    grids(material, extent, pace, stage.limits).enumerate().find_map(|(index, grid)| {
        let usual = on_grid(stage.limits, material, &grid);
        let least = Limits { min: usual.min - grid.slack, ..usual };
        let is_least = is_required && material.settings.constraints.shot.is_none() && grid.on_beats;
        let takes = std::iter::once(usual).chain(is_least.then_some(least)).find_map(|limits| {
            let stage = Stage { limits, ..stage };
            Arranger { cast, grid: &grid, stage, small, is_fine: index > 0 }.arrange()
        })?;
        Some((grid, takes))
    })
}

/// Returns how much a stage can fill if everything is shown as long and as often as allowed.
fn room(material: &Material, cast: &Cast, stage: &Stage) -> Time {
    let is_set = material.settings.constraints.shot.is_some();
    let limits = if is_set { stage.limits.widened(material.rate.time_of(1)) } else { stage.limits };
    let pool = cast.pool(stage.tier, &stage.limits);
    let once: Time = pool.iter().map(|&index| cast.candidates[index].longest(&limits)).sum();
    let turns = i128::from(stage.repeats) + 1;
    let most = (i128::from(once.micros()) * turns).min(i128::from(i64::MAX));
    Time::from_micros(most as i64)
}

/// Returns why not even the last stage can fill the movie.
fn refusal(material: &Material, cast: &Cast, pace: &Pace) -> Result<Conflict, Conflict> {
    let settings = &material.settings;
    let constraints = &settings.constraints;
    let set = constraints.shot.is_some();
    let share = if length::is_open(settings.duration) { SHARES[SHARES.len() - 1] } else { 1.0 };
    let extent = length::decide(material, cast, pace, share)?;
    let stages = stages(cast, constraints);
    let Some(stage) = stages.last() else { return Ok(Conflict::NothingToShow) };
    let pool = cast.pool(stage.tier, &stage.limits);
    if pool.is_empty() {
        let longest = cast.candidates.iter().map(|one| one.longest(&stage.limits)).max();
        let (shortest, longest) = (stage.limits.min, longest.unwrap_or(Time::ZERO));
        return Ok(Conflict::AllTooShort { shortest, longest, set, ways: Vec::new() });
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
            longest: stage.limits.photo,
            set,
            repeats: constraints.repeats,
            as_music: settings.duration == Length::Music,
            ways: Vec::new(),
        })
    };
    let once: Time = pool.iter().map(|&index| cast.candidates[index].longest(&stage.limits)).sum();
    let room = Time::from_micros(once.micros().saturating_mul(i64::from(stage.repeats) + 1));
    if room < wanted {
        return Ok(too_little(room));
    }
    let Some(grid) = grids(material, &extent, pace, stage.limits).last() else {
        return Ok(too_little(room));
    };
    let limits = on_grid(stage.limits, material, &grid);
    let (for_people, by_rules): (Vec<&Candidate>, Vec<&Candidate>) =
        cast.candidates.iter().filter(|one| one.required).partition(|one| one.person.is_some());
    let required: Vec<usize> = by_rules.iter().map(|one| one.medium.rule).collect();
    let for_people = for_people.len();
    let needed = needed(&grid, required.len() + for_people, limits.min);
    if needed > wanted {
        let shortest = stage.limits.min;
        return Ok(Conflict::TooMuchRequired {
            rules: required,
            needed,
            wanted,
            shortest,
            set,
            as_music: settings.duration == Length::Music,
            for_people,
            ways: Vec::new(),
        });
    }
    if partition(&grid, limits.min, limits.max(), 1.0).is_none() {
        return Ok(no_cuts(stage.limits, set, wanted, &grid));
    }
    let filled = filled(cast, &grid, &pool, &Stage { limits, ..*stage });
    Ok(too_little(filled.min(wanted - Time::from_millis(100))))
}

/// Returns why no cuts let every shot be as long as the spec asks.
fn no_cuts(limits: Limits, set: bool, wanted: Time, grid: &Grid) -> Conflict {
    let (shortest, longest) = (limits.min, limits.max());
    if wanted < shortest {
        return Conflict::ShorterThanAShot { wanted, shortest, longest, set, ways: Vec::new() };
    }
    let spacing = grid.on_beats.then(|| grid.spacing());
    Conflict::NoCuts { shortest, longest, wanted, spacing, set, ways: Vec::new() }
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
