use std::collections::BTreeMap;

use super::candidate::{Candidate, candidate};
use super::chapters;
use super::likeness::are_meant_as_one;
use super::limits::Limits;
use super::live::LiveChoice;
use super::people;
use super::standing;
use super::twins::{self, Compared, Likeness, Twin};
use super::versions::{self, Version};
use super::wishes::Wishes;
use mmm_base::MediaPath;
use mmm_facts::{ClipTrouble, Conflict, LiveUse, Material, MediaKind, Medium, WhyLivePlays};
use mmm_spec::{Role, Transitions};

/// Which media may be used; each tier includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Tier {
    Good,
    /// Also blurred, dark and shaky media.
    Flawed,
    /// Also media that are similar to a better one taken at another time.
    Alike,
    /// Also media that somebody rejected.
    Rejected,
}

/// Every medium, in the order of the story.
pub(crate) struct Cast<'a> {
    pub candidates: Vec<Candidate<'a>>,
    /// For every candidate, its better near-duplicate.
    pub twins: Vec<Option<Twin>>,
    /// The titles of the chapters.
    pub titles: Vec<String>,
    /// How many media each chapter has.
    pub sizes: Vec<usize>,
    /// The media that are not in the running.
    pub passed_over: Vec<Candidate<'a>>,
}

impl<'a> Cast<'a> {
    /// Collects and rates the media of `material`.
    pub fn gather(material: &'a Material, wishes: &Wishes) -> Result<Self, Conflict> {
        Self::gather_with(material, wishes, false)
    }

    /// Does the same, but live photos about which the spec says nothing stay still.
    pub fn gather_held(material: &'a Material, wishes: &Wishes) -> Result<Self, Conflict> {
        Self::gather_with(material, wishes, true)
    }

    fn gather_with(material: &'a Material, wishes: &Wishes, are_held: bool) -> Result<Self, Conflict> {
        let constraints = &material.settings.constraints;
        let handles = match &material.settings.style.transitions {
            Transitions::Auto => false,
            Transitions::Only(kinds) => kinds.iter().all(|kind| kind.overlaps()),
        };
        let story = chapters::divide(material);
        let mut candidates = Vec::with_capacity(story.places.len());
        let mut sizes = vec![0; story.titles.len()];
        for place in story.places {
            let medium = &material.media[place.medium];
            if let Some(candidate) = candidate(material, medium, place, handles, wishes)? {
                sizes[place.chapter] += 1;
                candidates.push(candidate);
            }
        }
        standing::compare(&mut candidates);
        let is_passed = |candidate: &Candidate| material.passed_over.contains(&candidate.medium.path);
        let (passed_over, mut candidates): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_passed);
        if candidates.is_empty() {
            return Err(Conflict::NothingToShow);
        }
        leave_to_photos(&mut candidates);
        give_roles(&mut candidates);
        let limits = Limits::usual(constraints);
        if let Some(short) = candidates.iter().find(|one| one.required && one.longest(&limits) < limits.min) {
            let Medium { path, rule, .. } = short.medium;
            let trouble = ClipTrouble::TooShort { longest: short.longest_run(), shortest: limits.min };
            return Err(Conflict::Clip { path: path.clone(), rule: *rule, trouble });
        }
        let usable: Vec<bool> =
            candidates.iter().map(|candidate| candidate.longest(&limits) >= limits.min).collect();
        let versions = versions::find(&candidates, &usable, material);
        share_opinions(&mut candidates, &versions);
        LiveChoice { material, limits, handles, are_held }.settle(&mut candidates, &versions);
        let twins = find_twins(&candidates, &usable, versions);
        people::reserve(&mut candidates, &twins, material, &limits)?;
        Ok(Self { candidates, twins, titles: story.titles, sizes, passed_over })
    }

    /// Returns the candidates that may be used, in the order of the story.
    pub fn pool(&self, tier: Tier, limits: &Limits) -> Vec<usize> {
        (0..self.candidates.len()).filter(|&index| self.is_in(index, tier, limits)).collect()
    }

    fn is_in(&self, index: usize, tier: Tier, limits: &Limits) -> bool {
        let candidate = &self.candidates[index];
        if candidate.longest(limits) < limits.min {
            return false;
        }
        let twin_is_fine = match self.twins[index] {
            None => true,
            Some(twin) => tier >= Tier::Alike && twin.may_show_both(),
        };
        let is_fine = tier >= Tier::Flawed || !candidate.is_flawed();
        let is_wanted = tier >= Tier::Rejected || !candidate.is_rejected();
        candidate.required || (twin_is_fine && is_fine && is_wanted)
    }

    /// Returns the index of the candidate that a shot of this file belongs to. A live photo of two files is one.
    pub fn showing(&self, path: &MediaPath) -> Option<usize> {
        let is_clip = |one: &Candidate| one.live_clip.is_some_and(|clip| clip.path == *path);
        let find = |is_it: &dyn Fn(&Candidate) -> bool| self.candidates.iter().position(is_it);
        find(&is_clip).or_else(|| find(&|one| one.medium.path == *path))
    }

    /// Whether a live photo plays about which the spec says nothing.
    pub fn plays_by_choice(&self) -> bool {
        let by_choice = |why: WhyLivePlays| matches!(why, WhyLivePlays::Moves | WhyLivePlays::Locked);
        let plays = |one: &Candidate| match one.live {
            Some(LiveUse::Plays { why, .. }) => by_choice(why),
            _ => false,
        };
        self.candidates.iter().any(plays)
    }

    /// Whether somebody rejected one of the media.
    pub fn has_rejected(&self) -> bool {
        self.candidates.iter().any(Candidate::is_rejected)
    }

    /// Returns the index of the candidate with `role`.
    pub fn with_role(&self, role: Role) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.role == Some(role))
    }
}

/// Returns for each medium the index of its best version, which may be its own.
pub fn best_versions(material: &Material) -> Vec<usize> {
    let mut best: Vec<usize> = (0..material.media.len()).collect();
    // Without a cast there is no plan either.
    let Ok(cast) = Cast::gather(material, &Wishes::read(None)) else { return best };
    for (candidate, twin) in cast.candidates.iter().zip(&cast.twins) {
        if let Some(Twin { likeness: Likeness::Version(version), .. }) = twin {
            best[candidate.place.medium] = cast.candidates[version.best].place.medium;
        }
    }
    // Of a live photo that plays, the clip is shown.
    for photo in cast.candidates.iter().filter(|one| one.shown.path != one.medium.path) {
        let clip = material.media.iter().position(|medium| medium.path == photo.shown.path);
        let of_photo = best.iter_mut().filter(|best| **best == photo.place.medium);
        of_photo.for_each(|best| *best = clip.unwrap_or(*best));
    }
    best
}

/// Most highlights that are guaranteed a place; a glob may name thousands.
const HIGHLIGHTS: usize = 8;

/// Leaves what one rule says about both files of a Live Photo to the photo, so that it counts once.
fn leave_to_photos(candidates: &mut [Candidate]) {
    let mut photos: BTreeMap<&str, Vec<&Medium>> = BTreeMap::new();
    for photo in candidates.iter().filter(|one| one.kind == MediaKind::Photo) {
        let id = photo.medium.probe.live_id.as_deref();
        id.into_iter().for_each(|id| photos.entry(id).or_default().push(photo.medium));
    }
    for clip in candidates.iter_mut().filter(|one| versions::is_short_clip(one)) {
        let photos = clip.medium.probe.live_id.as_deref().and_then(|id| photos.get(id));
        if photos.is_some_and(|photos| photos.iter().any(|photo| are_meant_as_one(photo, clip.medium))) {
            (clip.required, clip.role) = (false, None);
        }
    }
}

/// Keeps one opening, one ending and a few highlights, the best of each, and makes them required.
fn give_roles(candidates: &mut [Candidate]) {
    for (role, most) in [(Role::Opening, 1), (Role::Ending, 1), (Role::Highlight, HIGHLIGHTS)] {
        let mut named: Vec<usize> =
            (0..candidates.len()).filter(|&index| candidates[index].role == Some(role)).collect();
        named.sort_by(|&one, &other| {
            let (one, other) = (&candidates[one], &candidates[other]);
            other.required.cmp(&one.required).then(other.score.total_cmp(&one.score))
        });
        for (rank, index) in named.into_iter().enumerate() {
            if rank < most {
                candidates[index].required = true;
            } else {
                candidates[index].role = None;
            }
        }
    }
}

/// Adds to the best version of each medium what was said about the others: somebody may have given stars to the raw
/// photo, and named people in what was edited later.
fn share_opinions(candidates: &mut [Candidate], versions: &[Option<Version>]) {
    for (index, version) in versions.iter().enumerate() {
        if let Some(version) = version {
            let said = candidates[index].opinion.clone();
            candidates[version.best].add_opinion(&said);
        }
    }
}

/// Finds the better near-duplicate of every medium, among the best versions; that of another version is its best
/// one.
fn find_twins<'a>(
    candidates: &'a [Candidate<'a>],
    usable: &[bool],
    versions: Vec<Option<Version>>,
) -> Vec<Option<Twin>> {
    let picture = |candidate: &'a Candidate| Compared {
        hash: candidate.picture_hash(),
        features: candidate.features(),
        taken: candidate.place.taken,
    };
    let pictures: Vec<Compared> = candidates.iter().map(picture).collect();
    let mut ranked: Vec<usize> =
        (0..candidates.len()).filter(|&index| usable[index] && versions[index].is_none()).collect();
    ranked.sort_by(|&a, &b| {
        let (one, other) = (&candidates[a], &candidates[b]);
        (other.required.cmp(&one.required))
            .then(one.is_rejected().cmp(&other.is_rejected()))
            .then(one.is_flawed().cmp(&other.is_flawed()))
            .then(other.score.total_cmp(&one.score))
            .then_with(|| one.medium.path.cmp(&other.medium.path))
    });
    let mut twins = twins::find(&pictures, &ranked);
    for (index, version) in versions.into_iter().enumerate() {
        let Some(version) = version else { continue };
        let of = twins[version.best].map_or(version.best, |twin| twin.of);
        twins[index] = Some(Twin { of, likeness: Likeness::Version(version) });
    }
    twins
}
