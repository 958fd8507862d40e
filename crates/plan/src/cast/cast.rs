use super::chapters::{self, Place};
use super::halves;
use super::limits::Limits;
use super::twins::{self, Face, Twin};
use super::usable::{self, Run};
use super::wishes::Wishes;
use mmm_base::{Speed, Time};
use mmm_facts::{
    ClipFacts, ClipTrouble, Conflict, Facts, Issue, Material, MediaKind, Medium, MotionLevel, PictureHash,
    PictureQuality,
};
use mmm_spec::{ClipSound, Role, Transitions};

/// A medium that could be in the movie, and what speaks for it.
pub(crate) struct Candidate<'a> {
    pub medium: &'a Medium,
    pub kind: MediaKind,
    pub place: Place,
    pub look: PictureQuality,
    pub issues: &'a [Issue],
    pub hash: PictureHash,
    /// Where the eye goes, as its facts say.
    pub facts: Subject<'a>,
    /// Empty for photos.
    pub runs: Vec<Run>,
    /// Must be shown.
    pub required: bool,
    pub role: Option<Role>,
    /// 0 wished away … 1 wished for.
    pub wanted: f64,
    /// 0 nothing moves … 1 everything.
    pub motion: f64,
    /// All that speaks for it in one figure, 0..=1.
    pub score: f64,
}

/// The facts, by kind.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    Photo(&'a mmm_facts::PhotoFacts),
    Clip(&'a ClipFacts),
}

impl Candidate<'_> {
    /// The longest shot that can be made of it.
    pub fn longest(&self, limits: &Limits) -> Time {
        match self.kind {
            MediaKind::Clip => self.longest_run().min(limits.clip),
            _ => limits.photo,
        }
    }

    fn longest_run(&self) -> Time {
        self.speed().lasts(self.runs.iter().map(Run::length).max().unwrap_or(Time::ZERO))
    }

    /// How fast it is shown.
    pub fn speed(&self) -> Speed {
        match self.kind {
            MediaKind::Clip => self.medium.known.speed.unwrap_or_default(),
            _ => Speed::NORMAL,
        }
    }

    /// What is to become of its sound: that of a clip which is faster or slower than it was is dropped
    /// unless the spec keeps it.
    pub fn sound(&self) -> ClipSound {
        match self.medium.known.sound.unwrap_or_default() {
            ClipSound::Auto if !self.speed().is_normal() => ClipSound::Mute,
            said => said,
        }
    }

    /// Something speaks against showing it.
    pub fn is_flawed(&self) -> bool {
        !self.issues.is_empty()
    }
}

/// Which media may be taken, each with those of the tiers before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Tier {
    Good,
    /// Blurred, dark, shaky ones too.
    Flawed,
    /// Those too that look like a better one taken at another time.
    Alike,
}

/// Every medium, in the order of the story.
pub(crate) struct Cast<'a> {
    pub candidates: Vec<Candidate<'a>>,
    /// For every candidate the better one that shows the same.
    pub twins: Vec<Option<Twin>>,
    /// The titles of the chapters.
    pub titles: Vec<String>,
    /// How many media each chapter has.
    pub sizes: Vec<usize>,
}

impl<'a> Cast<'a> {
    /// Ranks the media of `material`.
    pub fn gather(material: &'a Material, wishes: &Wishes) -> Result<Self, Conflict> {
        let constraints = &material.settings.constraints;
        let handles = match &material.settings.style.transitions {
            Transitions::Auto => false,
            Transitions::Only(kinds) => kinds.iter().all(|kind| kind.overlaps()),
        };
        let story = chapters::divide(&material.media, constraints.order, constraints.chapter_gap);
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

    /// Those that may be taken, in the order of the story.
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

    /// The index of the candidate with `role`.
    pub fn with_role(&self, role: Role) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.role == Some(role))
    }
}

fn candidate<'a>(
    material: &Material,
    medium: &'a Medium,
    place: Place,
    handles: bool,
    wishes: &Wishes,
) -> Result<Option<Candidate<'a>>, Conflict> {
    let (facts, look, hash, motion, runs) = match &medium.facts {
        Facts::Photo(facts) => (Subject::Photo(facts), facts.look, facts.hash, 0.0, Vec::new()),
        Facts::Clip(facts) => {
            let runs = usable::runs(medium, facts, handles)?;
            (Subject::Clip(facts), facts.picture.look, clip_hash(facts), clip_motion(facts), runs)
        }
        Facts::Music(_) => return Ok(None),
    };
    let kind = if matches!(facts, Subject::Clip(_)) { MediaKind::Clip } else { MediaKind::Photo };
    let issues = material.issues(medium);
    let wanted = wishes.of(medium);
    let role = medium.known.role;
    let mut score = 0.8 * look.aesthetic.get() + 0.15 * motion + 0.3 * (wanted - 0.5);
    if role == Some(Role::Highlight) {
        score += 0.1;
    }
    if !issues.is_empty() {
        score *= 0.3 / issues.len() as f64;
    }
    let score = score.clamp(0.0, 1.0);
    let required = medium.known.required;
    Ok(Some(Candidate {
        medium,
        kind,
        place,
        look,
        issues,
        hash,
        facts,
        runs,
        required,
        role,
        wanted,
        motion,
        score,
    }))
}

/// The hash at the best moment.
fn clip_hash(facts: &ClipFacts) -> PictureHash {
    let nearest = |time: Time| (time - facts.picture.best).micros().abs();
    facts
        .picture
        .samples
        .iter()
        .min_by_key(|sample| nearest(sample.time))
        .map_or(PictureHash(0), |sample| sample.hash)
}

fn clip_motion(facts: &ClipFacts) -> f64 {
    match facts.picture.motion {
        MotionLevel::Static => 0.1,
        MotionLevel::Slow => 0.4,
        MotionLevel::Medium => 0.7,
        MotionLevel::Fast => 1.0,
    }
}

/// How many highlights are sure of their place; a glob may name thousands.
const HIGHLIGHTS: usize = 8;

/// Keeps one opening, one ending and a few highlights, the best of each, and requires them.
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
    // Of a photo that moves the still is meant, however lively its other half.
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

/// Whether its hash says something.
fn has_picture(candidate: &Candidate) -> bool {
    let sampled = match candidate.facts {
        Subject::Clip(facts) => !facts.picture.samples.is_empty(),
        Subject::Photo(_) => true,
    };
    sampled && !candidate.issues.contains(&Issue::Empty)
}
