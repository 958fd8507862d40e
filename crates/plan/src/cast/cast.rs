use super::candidate::{Candidate, Subject, candidate};
use super::chapters;
use super::halves;
use super::limits::Limits;
use super::twins::{self, Face, Twin};
use super::wishes::Wishes;
use mmm_facts::{ClipTrouble, Conflict, Issue, Material, MediaKind, Medium};
use mmm_spec::{Role, Transitions};

/// Which media may be used; each tier includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Tier {
    Good,
    /// Also blurred, dark and shaky media.
    Flawed,
    /// Also media that are similar to a better one taken at another time.
    Alike,
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
}

impl<'a> Cast<'a> {
    /// Collects and rates the media of `material`.
    pub fn gather(material: &'a Material, wishes: &Wishes) -> Result<Self, Conflict> {
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
        if candidates.is_empty() {
            return Err(Conflict::NothingToShow);
        }
        give_roles(&mut candidates);
        let limits = Limits::usual(constraints);
        if let Some(short) = candidates.iter().find(|one| one.required && one.longest(&limits) < limits.min) {
            let Medium { path, rule, .. } = short.medium;
            let trouble = ClipTrouble::TooShort { longest: short.longest_run(), shortest: limits.min };
            return Err(Conflict::Clip { path: path.clone(), rule: *rule, trouble });
        }
        let twins = find_twins(&candidates, &limits);
        Ok(Self { candidates, twins, titles: story.titles, sizes })
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
            Some(twin) => tier >= Tier::Alike && !twin.burst,
        };
        candidate.required || (twin_is_fine && (tier >= Tier::Flawed || !candidate.is_flawed()))
    }

    /// Returns the index of the candidate with `role`.
    pub fn with_role(&self, role: Role) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.role == Some(role))
    }
}

/// Most highlights that are guaranteed a place; a glob may name thousands.
const HIGHLIGHTS: usize = 8;

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

fn find_twins(candidates: &[Candidate], limits: &Limits) -> Vec<Option<Twin>> {
    let halves = halves::find(candidates);
    let face = |(candidate, &half): (&Candidate, &Option<usize>)| Face {
        hash: Some(candidate.hash).filter(|_| has_picture(candidate)),
        taken: candidate.place.taken,
        half,
    };
    let faces: Vec<Face> = candidates.iter().zip(&halves).map(face).collect();
    // In a Live Photo the still is preferred, however lively its clip is.
    let still = |index: usize| halves[index].filter(|_| candidates[index].kind == MediaKind::Clip);
    let score = |index: usize| {
        still(index)
            .map_or(candidates[index].score, |still| candidates[index].score.min(candidates[still].score))
    };
    let mut ranked: Vec<usize> =
        (0..candidates.len()).filter(|&index| candidates[index].longest(limits) >= limits.min).collect();
    ranked.sort_by(|&a, &b| {
        let (one, other) = (&candidates[a], &candidates[b]);
        (other.required.cmp(&one.required))
            .then(one.is_flawed().cmp(&other.is_flawed()))
            .then(score(b).total_cmp(&score(a)))
            .then(still(a).is_some().cmp(&still(b).is_some()))
            .then_with(|| one.medium.path.cmp(&other.medium.path))
    });
    twins::find(&faces, &ranked)
}

/// Whether its hash can be compared with others.
fn has_picture(candidate: &Candidate) -> bool {
    let sampled = match candidate.facts {
        Subject::Clip(facts) => !facts.picture.samples.is_empty(),
        Subject::Photo(_) => true,
    };
    sampled && !candidate.issues.contains(&Issue::Empty)
}
