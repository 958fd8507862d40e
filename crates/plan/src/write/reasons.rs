use super::moment::Part;
use crate::cast::{Candidate, Cast, Likeness, Limits, Tie, Twin, Version, better_copy};
use crate::music::{Grid, Step};
use crate::solve::Take;
use mmm_base::{MediaPath, Score, Time};
use mmm_facts::{
    BetterTwin, CutPlace, LeftOut, LeftOutCause, MediaKind, MusicStep, Passage, ShotReason, ShotRole,
    Strength, VersionKind,
};
use mmm_spec::Role;

/// Returns why a shot shows what it shows, when it does.
pub(super) fn of_shot(cast: &Cast, grid: &Grid, take: &Take, part: Option<&Part>) -> ShotReason {
    let candidate = &cast.candidates[take.who];
    let shows_strength = part.is_none() && candidate.issues.is_empty();
    ShotReason {
        role: role(candidate),
        turn: take.turn,
        moment: part.map(|part| (part.from, part.to)),
        strength: shows_strength.then(|| strength(candidate)),
        speed: candidate.speed(),
        issue: candidate.flaws.first().copied().filter(|_| candidate.is_flawed()),
        similar: similar(cast, take.who),
        copies: copies(cast, take.who),
        asked_for: candidate.wanted > 0.5,
        stars: candidate.opinion.stars,
        favourite: candidate.opinion.favourite,
        person: candidate.person.map(str::to_owned),
        live: candidate.live.clone(),
        framing: None,
        place: place(grid, take),
    }
}

/// Returns to how many others a candidate was preferred. Its own moving picture is none of them.
fn copies(cast: &Cast, who: usize) -> usize {
    let own = cast.candidates[who].live_clip.map(|clip| &clip.path);
    let others = cast.twins.iter().zip(&cast.candidates);
    let is_copy = |(twin, other): &(&Option<Twin>, &Candidate)| {
        twin.is_some_and(|twin| twin.of == who) && own != Some(&other.medium.path)
    };
    others.filter(is_copy).count()
}

/// Returns the better medium that one is similar to, if the planner shows it all the same.
fn similar(cast: &Cast, who: usize) -> Option<MediaPath> {
    let twin = cast.twins[who].filter(|twin| twin.likeness == Likeness::Similar)?;
    (!cast.candidates[who].required).then(|| cast.candidates[twin.of].medium.path.clone())
}

fn role(candidate: &Candidate) -> ShotRole {
    match candidate.role {
        Some(Role::Opening) => ShotRole::Opening,
        Some(Role::Ending) => ShotRole::Ending,
        Some(Role::Highlight) => ShotRole::Highlight,
        None if candidate.required => ShotRole::Required,
        None => ShotRole::Chosen,
    }
}

/// Returns what is best about a picture.
fn strength(candidate: &Candidate) -> Strength {
    let look = candidate.look;
    let mut best = (look.sharpness, Strength::Sharpness);
    for next in [
        (look.exposure, Strength::Exposure),
        (look.contrast, Strength::Contrast),
        (look.colourfulness, Strength::Colourfulness),
    ] {
        if next.0 > best.0 {
            best = next;
        }
    }
    best.1
}

fn place(grid: &Grid, take: &Take) -> CutPlace {
    if !grid.on_beats {
        return CutPlace::Grid { length: grid.span(take.from, take.to) };
    }
    let passage = match grid.energy(take.from, take.to) {
        energy if energy < 0.33 => Passage::Calm,
        energy if energy > 0.67 => Passage::Lively,
        _ => Passage::Even,
    };
    let step = match grid.nodes[take.from].step {
        Step::Edge => MusicStep::Start,
        Step::Section => MusicStep::Section,
        Step::Down => MusicStep::Downbeat,
        Step::Beat => MusicStep::Beat,
        Step::Filler => MusicStep::OffBeat,
    };
    CutPlace::Music { step, passage }
}

/// Returns every candidate that is in no shot, best first, and why.
pub(super) fn left_out(cast: &Cast, takes: &[Take], limits: &Limits) -> Vec<LeftOut> {
    let mut shown = vec![false; cast.candidates.len()];
    takes.iter().for_each(|take| shown[take.who] = true);
    let mut in_chapter: Vec<Vec<f64>> = vec![Vec::new(); cast.sizes.len()];
    for take in takes.iter().filter(|take| take.turn == 0) {
        let candidate = &cast.candidates[take.who];
        in_chapter[candidate.place.chapter].push(candidate.score);
    }
    let mut left: Vec<LeftOut> = (0..shown.len())
        .filter(|&index| !shown[index])
        .map(|index| {
            let candidate = &cast.candidates[index];
            if let Some(photo) = played_by(cast, &shown, index) {
                return unplayed_photo(&cast.candidates[photo]);
            }
            let cause = why_not(cast, index, &shown, &in_chapter, limits);
            LeftOut { source: candidate.medium.path.clone(), cause, score: Score::new(candidate.score) }
        })
        .collect();
    left.extend(cast.passed_over.iter().map(|candidate| LeftOut {
        source: candidate.medium.path.clone(),
        cause: LeftOutCause::PassedOver,
        score: Score::new(candidate.score),
    }));
    left.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.source.cmp(&other.source)));
    left
}

/// Returns the photo whose clip is shown as its moving picture, if that is the candidate at `index`.
fn played_by(cast: &Cast, shown: &[bool], index: usize) -> Option<usize> {
    let path = &cast.candidates[index].medium.path;
    let plays = |&other: &usize| {
        let photo = &cast.candidates[other];
        shown[other] && photo.shown.path == *path && photo.medium.path != *path
    };
    (0..shown.len()).find(plays)
}

/// Returns what is said of the photo of a Live Photo that plays.
fn unplayed_photo(photo: &Candidate) -> LeftOut {
    let (of, version) = (photo.shown.path.clone(), VersionKind::PairPhoto);
    let cause = LeftOutCause::Version { of, version, how: None, shown: true };
    LeftOut { source: photo.medium.path.clone(), cause, score: Score::new(photo.score) }
}

fn why_not(
    cast: &Cast,
    index: usize,
    shown: &[bool],
    in_chapter: &[Vec<f64>],
    limits: &Limits,
) -> LeftOutCause {
    let candidate = &cast.candidates[index];
    let longest = candidate.longest(limits);
    if longest < limits.min {
        return too_short(candidate, longest, limits);
    }
    if let Some(twin) = cast.twins[index] {
        let burst = match twin.likeness {
            Likeness::Version(version) => return version_cause(cast, candidate, version, shown),
            Likeness::Burst => true,
            Likeness::Similar => false,
        };
        let other = &cast.candidates[twin.of];
        let (of, shown) = (other.medium.path.clone(), shown[twin.of]);
        return LeftOutCause::Twin { of, how: better(candidate, other), burst, shown };
    }
    if let Some(source) = candidate.opinion.rejected {
        return LeftOutCause::Rejected { source };
    }
    if candidate.is_flawed() {
        return LeftOutCause::Issues { issues: candidate.flaws.clone() };
    }
    if candidate.wanted < 0.5 {
        return LeftOutCause::Unwanted;
    }
    let chapter = candidate.place.chapter;
    let others = &in_chapter[chapter];
    let better = others.iter().filter(|&&score| score >= candidate.score).count();
    if others.is_empty() {
        LeftOutCause::SmallChapter { title: cast.titles[chapter].clone(), media: cast.sizes[chapter] }
    } else if better > 0 {
        LeftOutCause::Outranked { better }
    } else {
        LeftOutCause::Rhythm { others: others.len() }
    }
}

fn too_short(candidate: &Candidate, longest: Time, limits: &Limits) -> LeftOutCause {
    if candidate.kind == MediaKind::Clip && !candidate.shown.flaws.is_empty() {
        LeftOutCause::Damaged { longest }
    } else {
        LeftOutCause::TooShort { longest, shortest: limits.min }
    }
}

/// Returns which version of another medium a candidate is, and why the other is preferred.
fn version_cause(cast: &Cast, candidate: &Candidate, version: Version, shown: &[bool]) -> LeftOutCause {
    let other = &cast.candidates[version.next];
    let kind = match (version.tie, version.is_worse) {
        (Tie::Copy, _) => VersionKind::Copy,
        (Tie::Proxy, true) => VersionKind::Proxy,
        (Tie::Proxy, false) => VersionKind::ProxySource,
        (Tie::Thumbnail, true) => VersionKind::Thumbnail,
        (Tie::Thumbnail, false) => VersionKind::ThumbnailSource,
        (Tie::Pair, true) => VersionKind::PairClip,
        (Tie::Pair, false) => VersionKind::PairPhoto,
        (Tie::Edit, true) => VersionKind::Unedited,
        (Tie::Edit, false) => VersionKind::Edited,
        (Tie::Raw, true) => VersionKind::Raw,
        (Tie::Raw, false) => VersionKind::Developed,
    };
    let how = if !version.is_worse {
        let is_flawless = candidate.is_flawed() && !other.is_flawed();
        let flawless = is_flawless.then_some(BetterTwin::Flawless);
        if other.required { Some(BetterTwin::Required) } else { flawless }
    } else if version.tie == Tie::Copy {
        Some(better_copy(other, candidate, true).unwrap_or_else(|| better(candidate, other)))
    } else {
        None
    };
    let (of, shown) = (other.medium.path.clone(), shown[version.next]);
    LeftOutCause::Version { of, version: kind, how, shown }
}

/// Returns what the better of two near-duplicates has over a candidate.
fn better(candidate: &Candidate, other: &Candidate) -> BetterTwin {
    let (own, better) = (candidate.look, other.look);
    if other.required && !candidate.required && own.aesthetic > better.aesthetic {
        BetterTwin::Required
    } else if candidate.is_flawed() && !other.is_flawed() {
        BetterTwin::Flawless
    } else if better.sharpness > own.sharpness {
        BetterTwin::Sharper
    } else if better.exposure > own.exposure {
        BetterTwin::BetterExposed
    } else {
        BetterTwin::Equal
    }
}
