use super::grids::{grids, on_grid};
use crate::cast::{Cast, Limits};
use crate::music::{Extent, Grid, Pace, length, soundtrack};
use mmm_base::Time;
use mmm_facts::{Conflict, Material};

/// How many starts of the music are tried.
const STARTS: usize = 40;
/// How many movies are returned.
const MOVIES: usize = 12;

/// Returns lengths and starts of the music other than the best ones, the better first: those at which shots
/// of the range that the spec sets fill the movie. The best ones may leave no place for such shots, because a
/// bar is in the way or the length is no multiple of theirs.
pub(super) fn others<'a>(
    material: &'a Material,
    cast: &Cast,
    pace: &Pace,
) -> Result<Vec<Extent<'a>>, Conflict> {
    let limits = Limits::usual(&material.settings.constraints);
    let best = length::decide(material, cast, pace, 1.0)?;
    let want = best.length;
    let (low, high) = length::bounds(material, want);
    let mut found: Vec<(Time, Extent)> = Vec::new();
    for start in soundtrack::openings(material, want).into_iter().take(STARTS) {
        let whole = Extent { length: high, cues: soundtrack::lay(material, start, high) };
        for grid in grids(material, &whole, pace, limits) {
            let Some(length) = nearest(&grid, on_grid(limits, material, &grid), (low, high), want) else {
                continue;
            };
            let extent = Extent { length, cues: soundtrack::lay(material, start, length) };
            if !found.iter().any(|(_, known)| is_same(known, &extent)) {
                found.push((Time::from_micros((length - want).micros().abs()), extent));
            }
            break;
        }
    }
    found.sort_by_key(|(away, _)| *away);
    found.truncate(MOVIES);
    Ok(found.into_iter().map(|(_, extent)| extent).collect())
}

fn is_same(one: &Extent, other: &Extent) -> bool {
    let from = |extent: &Extent| extent.cues.first().map(|cue| cue.from);
    one.length == other.length && from(one) == from(other)
}

/// Returns the length within bounds that is nearest to `want` and that shots can fill.
fn nearest(grid: &Grid, limits: Limits, (low, high): (Time, Time), want: Time) -> Option<Time> {
    let reached = reached(grid, &limits);
    let times = (1..=grid.last()).filter(|&node| reached[node]).map(|node| grid.nodes[node].time);
    times.filter(|time| (low..=high).contains(time)).min_by_key(|time| (*time - want).micros().abs())
}

/// Returns for every node whether shots can fill the movie up to it.
fn reached(grid: &Grid, limits: &Limits) -> Vec<bool> {
    let mut reached = vec![false; grid.last() + 1];
    reached[0] = true;
    let mut first = 0;
    for to in 1..=grid.last() {
        while grid.span(first, to) > limits.max() {
            first += 1;
        }
        reached[to] =
            (first..to).take_while(|&from| grid.span(from, to) >= limits.min).any(|from| reached[from]);
    }
    reached
}
