use std::collections::{BTreeMap, BTreeSet};

use super::cuts::partition;
use super::grids::grids;
use crate::cast::{Candidate, Cast, Likeness, Limits, Tie, Twin, Version, Wishes};
use crate::music::{Pace, length};
use mmm_base::{MediaPath, Time};
use mmm_facts::{Conflict, Material};
use mmm_spec::{Length, Settings, Target};

/// How many media models look at for each shot.
const EACH: usize = 10;
/// The least number of media at which models look, if there are so many.
const LEAST: usize = 200;
/// The shortest usual shot at a steady pace. It is a bar, unless bars are faster than this.
const USUAL: Time = Time::from_millis(1400);

/// Whether an output has so many media that cheap measures decide first at which of them models look. `music`
/// is the length of its music by the headers.
///
/// Measuring twice is only worth it if a third of the media, or more, is left out.
pub fn is_large(settings: &Settings, music: Time, media: usize) -> bool {
    if media <= LEAST {
        return false;
    }
    let most = settings.target.and_then(Target::longest).unwrap_or(length::LONGEST);
    let longest = match settings.duration {
        Length::Exact(length) | Length::Within(_, length) => length,
        Length::Music => music,
        Length::Auto => most,
    };
    let pace = Pace::new(settings.style.pace, Wishes::read(settings.prompt.as_deref()).pace);
    let usual = Time::from_secs_f64(USUAL.secs() * pace.stretch());
    let usual = settings.constraints.shot.map_or(usual, |(min, max)| usual.max(min).min(max));
    let shots = longest.micros() / usual.micros().max(1) + 1;
    let wanted = usize::try_from(shots).unwrap_or(0).saturating_mul(EACH).max(LEAST);
    media > wanted.saturating_mul(3) / 2
}

/// What cheap measures decide about a large pool of media. What is in neither set is another version of a medium
/// that is looked at: it can be shown, but needs no look of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortlist {
    /// The media at which models look.
    pub looked_at: BTreeSet<MediaPath>,
    /// The media that are out of the running.
    pub passed_over: BTreeSet<MediaPath>,
}

/// Returns the shortlist of a large pool, by facts without models.
///
/// Models look at the best ten media for each shot, from every stretch of the story, and at all that are required,
/// liked (three stars or more, a favourite), kept from an earlier plan, or listed in `named`.
///
/// # Errors
/// If there can't be a plan.
pub fn shortlist(material: &Material, named: &BTreeSet<MediaPath>) -> Result<Shortlist, Conflict> {
    let wishes = Wishes::read(material.settings.prompt.as_deref());
    let pace = Pace::new(material.settings.style.pace, wishes.pace);
    let cast = Cast::gather(material, &wishes)?;
    let limits = Limits::usual(&material.settings.constraints);
    let shots = shots(material, &cast, &pace, &limits)?;
    let mut looked_at = best(&cast, &limits, shots);
    let kept = material.kept.iter().flat_map(|kept| &kept.shots).map(|shot| &shot.source);
    let chosen: BTreeSet<&MediaPath> = kept.chain(named).collect();
    for (index, candidate) in cast.candidates.iter().enumerate() {
        let is_liked = candidate.opinion.merit() > 0.0;
        let people = &material.settings.constraints.people;
        let is_asked = people.iter().any(|rule| candidate.opinion.shows(&rule.name));
        if candidate.required || is_liked || is_asked || chosen.contains(&candidate.medium.path) {
            looked_at.insert(index);
        }
    }
    let of = |index: usize| best_version(&cast, index).unwrap_or(index);
    let running: BTreeSet<usize> = looked_at.iter().map(|&index| of(index)).collect();
    looked_at.extend(&running);
    // A photo may play as its clip.
    let is_pair =
        |index: &usize| matches!(tie(&cast, *index), Some(Tie::Pair)) && running.contains(&of(*index));
    looked_at.extend((0..cast.candidates.len()).filter(is_pair));
    let is_out = |&index: &usize| !looked_at.contains(&index) && !running.contains(&of(index));
    let path = |index: usize| cast.candidates[index].medium.path.clone();
    Ok(Shortlist {
        passed_over: (0..cast.candidates.len()).filter(is_out).map(path).collect(),
        looked_at: looked_at.iter().copied().map(path).collect(),
    })
}

/// Returns how many shots the movie will have.
fn shots(material: &Material, cast: &Cast, pace: &Pace, limits: &Limits) -> Result<usize, Conflict> {
    let extent = length::decide(material, cast, pace, 1.0)?;
    let by_shortest = || usize::try_from(extent.length.micros() / limits.min.micros().max(1)).unwrap_or(1);
    let grid = grids(material, &extent, pace, *limits).next();
    let cuts = grid.and_then(|grid| partition(&grid, limits.min, limits.photo, 1.0));
    Ok(cuts.map_or_else(by_shortest, |cuts| cuts.len()))
}

/// Returns the best media for so many shots. Each chapter gives a share by its size, at least those for one shot,
/// and takes them from all of its length; and at most ten of one picture.
fn best(cast: &Cast, limits: &Limits, shots: usize) -> BTreeSet<usize> {
    let all: Vec<usize> =
        (0..cast.candidates.len()).filter(|&index| best_version(cast, index).is_none()).collect();
    let wanted = shots.saturating_mul(EACH).max(LEAST);
    let chapter = |index: usize| cast.candidates[index].place.chapter;
    let mut best = BTreeSet::new();
    let mut alike: BTreeMap<usize, usize> = BTreeMap::new();
    for media in all.chunk_by(|&one, &other| chapter(one) == chapter(other)) {
        let share = (wanted * media.len()).div_ceil(all.len()).max(EACH).min(media.len());
        let stretches = share.div_ceil(EACH);
        for stretch in media.chunks(media.len().div_ceil(stretches)) {
            let mut ranked = stretch.to_vec();
            ranked.sort_by(|&one, &other| rank(cast, limits, one, other));
            let mut is_spare = |index: usize| match cast.twins[index] {
                Some(twin) => {
                    let twins = alike.entry(twin.of).or_insert(0);
                    *twins += 1;
                    *twins >= EACH
                }
                None => false,
            };
            best.extend(ranked.into_iter().filter(|&index| !is_spare(index)).take(share.div_ceil(stretches)));
        }
    }
    best
}

/// Compares two media; the better one comes first.
fn rank(cast: &Cast, limits: &Limits, one: usize, other: usize) -> std::cmp::Ordering {
    let flaws = |index: usize| {
        let candidate: &Candidate = &cast.candidates[index];
        let is_short = candidate.longest(limits) < limits.min;
        (is_short, candidate.is_rejected(), candidate.is_flawed(), cast.twins[index].is_some())
    };
    let (first, second) = (&cast.candidates[one], &cast.candidates[other]);
    (flaws(one).cmp(&flaws(other)))
        .then_with(|| second.score.total_cmp(&first.score))
        .then_with(|| first.medium.path.cmp(&second.medium.path))
}

/// Returns the medium of which another one is a version; `None` if it is the best version itself.
fn best_version(cast: &Cast, index: usize) -> Option<usize> {
    version(cast, index).map(|version| version.best)
}

fn tie(cast: &Cast, index: usize) -> Option<Tie> {
    version(cast, index).map(|version| version.tie)
}

fn version(cast: &Cast, index: usize) -> Option<Version> {
    match cast.twins[index] {
        Some(Twin { likeness: Likeness::Version(version), .. }) => Some(version),
        _ => None,
    }
}
