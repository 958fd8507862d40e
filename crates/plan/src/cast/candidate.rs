use super::limits::Limits;
use super::main_faces::merit_of_faces;
use super::opinion::Opinion;
use super::place::Place;
use super::usable::{self, Run};
use super::wishes::Wishes;
use mmm_base::{Speed, Time};
use mmm_facts::{
    ClipFacts, Conflict, Facts, Issue, Material, MediaKind, Medium, MotionLevel, PictureFeatures,
    PictureHash, PictureQuality,
};
use mmm_spec::{ClipSound, Role};

/// How much the look counts in a score, and what every medium has.
const LOOK: f64 = 0.8;
const BASE: f64 = 0.1;

/// A medium that could be in the movie, with its merits.
pub(crate) struct Candidate<'a> {
    pub medium: &'a Medium,
    pub kind: MediaKind,
    pub place: Place,
    pub look: PictureQuality,
    pub issues: &'a [Issue],
    /// The issues that count in this set.
    pub flaws: Vec<Issue>,
    pub hash: PictureHash,
    /// The facts of the photo or clip.
    pub facts: Subject<'a>,
    /// Empty for photos.
    pub runs: Vec<Run>,
    /// What people said about it.
    pub opinion: Opinion<'a>,
    /// Whether the medium must be shown.
    pub required: bool,
    /// The person because of whom it must be shown.
    pub person: Option<&'a str>,
    pub role: Option<Role>,
    /// 0 if the prompt asks for less of it … 1 if it asks for more.
    pub wanted: f64,
    /// 0 nothing moves … 1 everything moves.
    pub motion: f64,
    /// All merits in one figure, 0..=1.
    pub score: f64,
    /// How good its look is among those of the set, 0..=1.
    standing: f64,
    /// The other merits that are measured or asked for, before stars and issues count.
    others: f64,
}

/// The kind of a medium, with the facts of a clip.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    Photo,
    Clip(&'a ClipFacts),
}

/// A photo or clip as it is compared with others.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub medium: &'a Medium,
    pub facts: Subject<'a>,
    /// `None` if the picture is empty, because such a hash says nothing.
    pub hash: Option<PictureHash>,
}

impl<'a> Seen<'a> {
    /// Returns how a medium is compared; `None` for music.
    pub fn of(medium: &'a Medium, issues: &[Issue]) -> Option<Self> {
        let (facts, hash) = match &medium.facts {
            Facts::Photo(facts) => (Subject::Photo, facts.hash),
            Facts::Clip(facts) => (Subject::Clip(facts), clip_hash(facts)),
            Facts::Music(_) => return None,
        };
        Some(Self { medium, facts, hash: seen_hash(facts, hash, issues) })
    }
}

impl<'a> Candidate<'a> {
    /// Returns how it is compared with others.
    pub(super) fn seen(&self) -> Seen<'a> {
        Seen { medium: self.medium, facts: self.facts, hash: self.picture_hash() }
    }
}

impl<'a> Candidate<'a> {
    /// Returns the longest shot that it can provide.
    pub fn longest(&self, limits: &Limits) -> Time {
        match self.kind {
            MediaKind::Clip => self.longest_run().min(limits.clip),
            _ => limits.photo,
        }
    }

    /// Returns the longest stretch of it that can be shown, at its speed; zero for photos.
    pub(super) fn longest_run(&self) -> Time {
        self.speed().lasts(self.runs.iter().map(Run::length).max().unwrap_or(Time::ZERO))
    }

    /// Returns how fast it is shown.
    pub fn speed(&self) -> Speed {
        match self.kind {
            MediaKind::Clip => self.medium.known.speed.unwrap_or_default(),
            _ => Speed::NORMAL,
        }
    }

    /// Returns how its sound is used. A clip that is shown faster or slower loses its sound unless the spec
    /// keeps it.
    pub fn sound(&self) -> ClipSound {
        match self.medium.known.sound.unwrap_or_default() {
            ClipSound::Auto if !self.speed().is_normal() => ClipSound::Mute,
            said => said,
        }
    }

    /// Returns the hash of its picture; `None` if the picture is empty, because such a hash says nothing.
    pub(super) fn picture_hash(&self) -> Option<PictureHash> {
        seen_hash(self.facts, self.hash, self.issues)
    }

    /// Returns the features of its picture, if models saw it and it is not empty.
    pub fn features(&self) -> Option<&PictureFeatures> {
        let Facts::Photo(facts) = &self.medium.facts else { return None };
        facts.sight.as_ref().map(|sight| &sight.features).filter(|_| !self.issues.contains(&Issue::Empty))
    }

    /// Returns how many pixels its picture has, as displayed.
    pub fn pixels(&self) -> u64 {
        let picture = self.medium.probe.picture.as_ref();
        picture.map_or(0, |picture| u64::from(picture.width) * u64::from(picture.height))
    }

    /// Whether it has an issue that counts.
    pub fn is_flawed(&self) -> bool {
        !self.flaws.is_empty() && !self.opinion.is_chosen()
    }

    /// Whether somebody rejected it, so that it is only shown if nothing else is left.
    pub fn is_rejected(&self) -> bool {
        self.opinion.rejected.is_some()
    }

    /// Adds what was said about another version of it.
    pub(super) fn add_opinion(&mut self, other: &Opinion<'a>) {
        self.opinion.add(other);
        self.score = self.rated();
    }

    /// Sets its score, given how good its look is among those of the set, 0..=1.
    pub(super) fn rate(&mut self, standing: f64) {
        self.standing = standing;
        self.score = self.rated();
    }

    /// Returns its score.
    fn rated(&self) -> f64 {
        let score = LOOK * self.standing + self.others + self.opinion.merit();
        let issues = if self.is_flawed() { 0.3 / self.flaws.len() as f64 } else { 1.0 };
        (score * issues).clamp(0.0, 1.0)
    }
}

/// Creates the candidate for `medium`, not yet compared with the others; `None` for music.
pub(super) fn candidate<'a>(
    material: &Material,
    medium: &'a Medium,
    place: Place,
    handles: bool,
    wishes: &Wishes,
) -> Result<Option<Candidate<'a>>, Conflict> {
    let (facts, look, hash, motion, runs) = match &medium.facts {
        Facts::Photo(facts) => (Subject::Photo, facts.look, facts.hash, 0.0, Vec::new()),
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
    let merit = match &medium.facts {
        Facts::Photo(facts) => merit_of_faces(facts),
        _ => 0.0,
    };
    let mut others = BASE + 0.15 * motion + 0.3 * (wanted - 0.5) + merit;
    if role == Some(Role::Highlight) {
        others += 0.1;
    }
    let required = medium.known.required;
    let opinion = Opinion::of(&medium.said);
    Ok(Some(Candidate {
        medium,
        kind,
        place,
        look,
        issues,
        flaws: issues.to_vec(),
        hash,
        facts,
        runs,
        opinion,
        required,
        person: None,
        role,
        wanted,
        motion,
        score: 0.0,
        standing: 0.0,
        others,
    }))
}

/// Returns the hash of a picture unless it is empty.
fn seen_hash(facts: Subject, hash: PictureHash, issues: &[Issue]) -> Option<PictureHash> {
    let is_sampled = match facts {
        Subject::Clip(facts) => !facts.picture.samples.is_empty(),
        Subject::Photo => true,
    };
    Some(hash).filter(|_| is_sampled && !issues.contains(&Issue::Empty))
}

/// Returns the hash at the best moment.
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
