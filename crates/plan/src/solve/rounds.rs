use std::collections::BTreeSet;

use crate::cast::Cast;
use mmm_spec::Role;

/// A medium, and how many times it was shown before.
pub(super) type Turn = (usize, u32);

/// Most repeats of all media together.
const TURNS: usize = 10_000;
/// Media that repeat alone in their chapters are grouped until there are this many.
const TOGETHER: usize = 3;

/// Returns the media that repeat, the best first, each at most `repeats` times. A medium that is alone in its
/// chapter has no other to alternate with, and repeats after all others.
pub(super) fn again(cast: &Cast, pool: &[usize], repeats: u32) -> Vec<usize> {
    let mut ranked = pool.to_vec();
    ranked.sort_by(|&one, &other| cast.candidates[other].score.total_cmp(&cast.candidates[one].score));
    let alone: BTreeSet<usize> =
        chapters(cast, pool).filter(|part| part.len() == 1).map(|part| part[0]).collect();
    let (lonely, among): (Vec<usize>, Vec<usize>) = ranked.iter().partition(|index| alone.contains(index));
    let rounds = |who: Vec<usize>| (0..repeats).flat_map(move |_| who.clone());
    rounds(among).chain(rounds(lonely)).take(TURNS).collect()
}

/// Returns the pool with the repeats in `again`, in the order of the story: round after round through each
/// chapter.
pub(super) fn story(cast: &Cast, pool: &[usize], again: &[usize]) -> Vec<Turn> {
    let mut times = vec![0_u32; cast.candidates.len()];
    pool.iter().chain(again).for_each(|&index| times[index] += 1);
    let mut turns = Vec::with_capacity(pool.len() + again.len());
    for group in groups(cast, pool, &times) {
        let most = group.iter().map(|&index| times[index]).max().unwrap_or(0);
        for turn in 0..most {
            turns.extend(group.iter().filter(|&&index| times[index] > turn).map(|&index| (index, turn)));
        }
    }
    turns
}

fn chapters<'a>(cast: &Cast, pool: &'a [usize]) -> impl Iterator<Item = &'a [usize]> {
    let chapter = |index: usize| cast.candidates[index].place.chapter;
    pool.chunk_by(move |&one, &other| chapter(one) == chapter(other))
}

/// Returns the chapters. If the only medium of a chapter repeats, the chapter is joined with the next one, or
/// the last chapter with the one before it.
fn groups(cast: &Cast, pool: &[usize], times: &[u32]) -> Vec<Vec<usize>> {
    let is_lonely = |group: &[usize]| group.len() == 1 && times[group[0]] > 1;
    let mut groups: Vec<(Vec<usize>, bool)> = Vec::new();
    for part in chapters(cast, pool) {
        match groups.last_mut() {
            Some((group, true)) if group.len() < TOGETHER => group.extend(part),
            _ => groups.push((part.to_vec(), is_lonely(part))),
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_iter().map(|(group, _)| group).collect();
    if let Some(last) = groups.pop_if(|last| is_lonely(last)) {
        match groups.last_mut() {
            Some(before) => before.extend(last),
            None => groups.push(last),
        }
    }
    groups
}

/// Separates shots that would show the same medium twice in a row. The later one moves to the nearest place
/// after the first shot of its medium, or is dropped if there is no such place. A medium that is alone in the
/// movie stays.
pub(super) fn apart(cast: &Cast, mut turns: Vec<Turn>) -> Vec<Turn> {
    if turns.iter().all(|turn| turn.0 == turns[0].0) {
        return turns;
    }
    let mut at = 1;
    while at < turns.len() {
        if turns[at].0 != turns[at - 1].0 {
            at += 1;
            continue;
        }
        // A medium that is shown there for the first time stays, such as the opening or the ending.
        let moved = turns.remove(if turns[at].1 > turns[at - 1].1 { at } else { at - 1 });
        if let Some(place) = place(cast, &turns, moved.0, at) {
            turns.insert(place, moved);
        }
        at = at.saturating_sub(1).max(1);
    }
    numbered(turns)
}

/// Returns the place nearest to `near`, between the first and the last shot, where a medium is not next to
/// itself.
fn place(cast: &Cast, turns: &[Turn], who: usize, near: usize) -> Option<usize> {
    let first = match cast.candidates[who].role {
        Some(Role::Ending) => 0,
        _ => turns.iter().position(|turn| turn.0 == who)?,
    };
    let fits = |&at: &usize| turns[at - 1].0 != who && turns[at].0 != who;
    (first + 1..turns.len()).filter(fits).min_by_key(|at| at.abs_diff(near))
}

/// Numbers the repeats in their present order.
fn numbered(mut turns: Vec<Turn>) -> Vec<Turn> {
    let most = turns.iter().map(|turn| turn.0).max().unwrap_or(0);
    let mut shown = vec![0_u32; most + 1];
    for turn in turns.iter_mut().filter(|turn| turn.1 > 0) {
        shown[turn.0] += 1;
        turn.1 = shown[turn.0];
    }
    turns
}
