use std::ops::Range;

use super::seats::{self, Claim};
use crate::cast::Cast;

/// A few neighbouring slots, and the media that may fill them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Scene {
    pub slots: Range<usize>,
    /// A range in the pool.
    pub media: Range<usize>,
}

/// Slots in a scene, unless it has too few media. A new medium affects only its scene.
const SLOTS: usize = 3;

/// Divides `slots` among the media of `pool[media]`: first by chapters, then each chapter into scenes of a
/// few slots. The exact number of media before or after does not matter, so one medium more or less affects
/// only one scene.
pub(super) fn divide(cast: &Cast, pool: &[usize], slots: Range<usize>, media: Range<usize>) -> Vec<Scene> {
    let chapters = chapters(cast, pool, media);
    let total: usize = cast.sizes.iter().sum();
    let claims: Vec<Claim> = chapters
        .iter()
        .map(|part| {
            let size = cast.sizes[cast.candidates[pool[part.start]].place.chapter];
            Claim {
                weight: seats::coarse(part.len()),
                least: required(cast, pool, part),
                most: part.len(),
                major: size * 20 >= total,
            }
        })
        .collect();
    let mut scenes = Vec::new();
    let mut start = slots.start;
    for (part, seats) in chapters.into_iter().zip(seats::apportion(&claims, slots.len())) {
        scenes.extend(split(cast, pool, start..start + seats, part));
        start += seats;
    }
    scenes
}

/// Divides a chapter into scenes: stretches of its time, each with its share of the slots. Neighbouring
/// scenes are joined if one could not fill its slots or show its required media.
fn split(cast: &Cast, pool: &[usize], slots: Range<usize>, media: Range<usize>) -> Vec<Scene> {
    let places = places(cast, &pool[media.clone()]);
    let count = slots.len().div_ceil(SLOTS);
    let mut scenes: Vec<Scene> = Vec::with_capacity(count);
    let holds = |scene: &Scene| {
        scene.media.len() >= scene.slots.len() && required(cast, pool, &scene.media) <= scene.slots.len()
    };
    let mut from = (slots.start, media.start);
    for index in 1..=count {
        let seats = slots.len() * index / count;
        let share = seats as f64 / slots.len() as f64;
        let taken = if index == count { media.len() } else { places.partition_point(|place| *place < share) };
        let to = (slots.start + seats, media.start + taken);
        let mut scene = Scene { slots: from.0..to.0, media: from.1..to.1 };
        from = to;
        while let Some(before) = scenes.pop_if(|before| !holds(before) || (index == count && !holds(&scene)))
        {
            scene = Scene {
                slots: before.slots.start..scene.slots.end,
                media: before.media.start..scene.media.end,
            };
        }
        scenes.push(scene);
    }
    scenes
}

/// Returns the positions of media in their chapter, 0..=1, in order.
///
/// Positions are measured in cells of time. A cell counts only if something was taken in it or in the one
/// before, so long pauses take no room and one more medium among others moves nothing. If most media have no
/// time of their own, cells begin at some of the media, picked by name.
fn places(cast: &Cast, media: &[usize]) -> Vec<f64> {
    let times: Option<Vec<i64>> = media.iter().map(|&index| cast.candidates[index].place.taken).collect();
    let places = match times {
        Some(times) if times.is_sorted() && is_spread(&times) => by_time(&times),
        _ => by_name(cast, media),
    };
    let whole = rounded(places.1);
    places.0.into_iter().map(|place| place / whole).collect()
}

/// Rounds a number of cells to about an eighth, so that one more at the end moves nothing before it.
fn rounded(cells: f64) -> f64 {
    let cells = (cells as u64).max(1);
    let step = 1 << (cells / 6).max(1).ilog2();
    ((cells + step / 2) / step * step) as f64
}

/// Whether most media have a time of their own.
fn is_spread(times: &[i64]) -> bool {
    times.windows(2).filter(|pair| pair[0] == pair[1]).count() * 2 < times.len()
}

/// Returns positions in cells of time, and the number of cells.
fn by_time(times: &[i64]) -> (Vec<f64>, f64) {
    let mut gaps: Vec<u64> = times.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(1).max(1);
    // A power of four, two to eight times the usual pause, so that it hardly ever changes.
    let octaves = (usual.min(1 << 30) * 2).next_power_of_two().ilog2();
    let size = 1_i64 << (octaves.div_ceil(2) * 2);
    let first = times.first().copied().unwrap_or(0).div_euclid(size);
    let mut cells = 0.0;
    let mut last = first;
    let mut places = Vec::with_capacity(times.len());
    for time in times {
        let cell = time.div_euclid(size).max(last);
        cells += cell.saturating_sub(last).min(2) as f64;
        last = cell;
        places.push(cells + time.rem_euclid(size) as f64 / size as f64);
    }
    (places, cells + 1.0)
}

/// Returns positions in cells that begin at media picked by a hash of their names, and the number of cells.
fn by_name(cast: &Cast, media: &[usize]) -> (Vec<f64>, f64) {
    let begins = |&index: &usize| mark(cast.candidates[index].medium.path.as_str()).is_multiple_of(4);
    let mut places = Vec::with_capacity(media.len());
    let mut cells = 0.0;
    let mut rest = media;
    while !rest.is_empty() {
        let length = rest[1..].iter().position(begins).map_or(rest.len(), |at| at + 1);
        places.extend((0..length).map(|at| cells + at as f64 / length as f64));
        cells += 1.0;
        rest = &rest[length..];
    }
    (places, cells)
}

/// Returns the runs of media of one chapter.
fn chapters(cast: &Cast, pool: &[usize], media: Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let chapter = |at: usize| cast.candidates[pool[at]].place.chapter;
    for at in media {
        match parts.last_mut() {
            Some(part) if chapter(part.start) == chapter(at) => part.end = at + 1,
            _ => parts.push(at..at + 1),
        }
    }
    parts
}

fn required(cast: &Cast, pool: &[usize], media: &Range<usize>) -> usize {
    pool[media.clone()].iter().filter(|&&index| cast.candidates[index].required).count()
}

/// Returns the FNV-1a hash of a path; any fixed, even distribution over paths would do.
fn mark(path: &str) -> u64 {
    path.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Limits;
    use crate::cast::Wishes;
    use crate::cast::{Cast, Tier};
    use mmm_facts::sample::material;

    #[test]
    fn scenes_share_out_every_slot_in_order() {
        let material = material(100, 120_000);
        let cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        let pool = cast.pool(Tier::Good, &Limits::usual(&material.settings.constraints));
        let scenes = divide(&cast, &pool, 0..30, 0..pool.len());
        assert_eq!((scenes[0].slots.start, scenes[scenes.len() - 1].slots.end), (0, 30));
        for pair in scenes.windows(2) {
            assert_eq!(pair[0].slots.end, pair[1].slots.start);
            assert!(pair[0].media.end <= pair[1].media.start);
        }
        assert!(scenes.iter().all(|scene| scene.slots.len() <= scene.media.len()));
        let small = scenes.iter().filter(|scene| scene.slots.len() <= SLOTS).count();
        assert!(small * 2 > scenes.len());
    }
}
