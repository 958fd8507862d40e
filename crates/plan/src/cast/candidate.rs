use super::limits::Limits;
use super::main_faces::merit_of_faces;
use super::opinion::Opinion;
use super::place::Place;
use super::usable::{self, Run};
use super::windows::{ClipWindow, best_window};
use super::wishes::Wishes;
use mmm_base::{Speed, Time};
use mmm_facts::{
    ClipFacts, Conflict, Facts, Issue, LiveUse, Material, MediaKind, Medium, MotionLevel, PictureFeatures,
    PictureHash, PictureQuality,
};
use mmm_spec::{ClipSound, Role};

/// How much the look counts in a score, and what every medium has.
const LOOK: f64 = 0.8;
const BASE: f64 = 0.1;

/// A medium that could be in the movie, with its merits.
pub(crate) struct Candidate<'a> {
    pub medium: &'a Medium,
    /// The medium whose picture is shown: the same, or the moving picture of a live photo.
    pub shown: &'a Medium,
    /// The kind of what is shown.
    pub kind: MediaKind,
    pub place: Place,
    pub look: PictureQuality,
    pub issues: &'a [Issue],
    /// The issues that count in this set.
    pub flaws: Vec<Issue>,
    pub hash: PictureHash,
    features: Option<&'a PictureFeatures>,
    /// The facts of what is shown.
    pub facts: Subject<'a>,
    /// Whether a live photo plays, and why.
    pub live: Option<LiveUse>,
    /// The moving picture of a live photo, whether it plays or not.
    pub live_clip: Option<&'a Medium>,
    /// The moment that each shot of a live photo contains.
    pub moment: Option<Time>,
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
            MediaKind::Clip => self.shown.known.speed.unwrap_or_default(),
            _ => Speed::NORMAL,
        }
    }

    /// Returns how its sound is used. A clip that is shown faster or slower, and a live photo, lose their sound
    /// unless the spec keeps it.
    pub fn sound(&self) -> ClipSound {
        match self.shown.known.sound.unwrap_or_default() {
            ClipSound::Auto if !self.speed().is_normal() || self.live.is_some() => ClipSound::Mute,
            said => said,
        }
    }

    /// Returns the hash of its picture; `None` if the picture is empty, because such a hash says nothing.
    pub(super) fn picture_hash(&self) -> Option<PictureHash> {
        seen_hash(self.facts, self.hash, self.issues)
    }

    /// Returns the features of its picture, if models saw it and it is not empty; of a clip, those nearest to
    /// its best window.
    pub fn features(&self) -> Option<&PictureFeatures> {
        self.features.filter(|_| !self.issues.contains(&Issue::Empty))
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

    /// Whether a shot of it may show this part: that of a live photo contains the moment of the photo.
    pub fn may_show(&self, from: Time, to: Time) -> bool {
        self.moment.is_none_or(|moment| (from..to).contains(&moment))
    }

    /// Returns the text over its first shot.
    pub fn caption(&self) -> Option<&'a str> {
        self.medium.known.caption.as_deref().or(self.shown.known.caption.as_deref())
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
    let features = match &medium.facts {
        Facts::Photo(facts) => facts.sight.as_ref().map(|sight| &sight.features),
        Facts::Clip(facts) => clip_features(facts),
        Facts::Music(_) => None,
    };
    let kind = if matches!(facts, Subject::Clip(_)) { MediaKind::Clip } else { MediaKind::Photo };
    let issues = material.issues(medium);
    let wanted = wishes.of(medium);
    let role = medium.known.role;
    let merit = medium.facts.sight().map_or(0.0, merit_of_faces);
    let mut others = BASE + 0.15 * motion + 0.3 * (wanted - 0.5) + merit;
    if role == Some(Role::Highlight) {
        others += 0.1;
    }
    let required = medium.known.required;
    let opinion = Opinion::of(&medium.said);
    Ok(Some(Candidate {
        medium,
        shown: medium,
        kind,
        place,
        look,
        issues,
        flaws: issues.to_vec(),
        hash,
        features,
        facts,
        live: None,
        live_clip: None,
        moment: None,
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

/// Returns the hash in the middle of the best window.
fn clip_hash(facts: &ClipFacts) -> PictureHash {
    let best = best_time(facts);
    let nearest = facts.picture.samples.iter().min_by_key(|sample| (sample.time - best).micros().abs());
    nearest.map_or(PictureHash(0), |sample| sample.hash)
}

/// Returns what a model saw nearest to the middle of the best window.
fn clip_features(facts: &ClipFacts) -> Option<&PictureFeatures> {
    let looks = facts.picture.looks.as_slice();
    let best = if looks.len() > 1 { best_time(facts) } else { Time::ZERO };
    looks.iter().min_by_key(|look| (look.time - best).micros().abs()).map(|look| &look.sight.features)
}

/// Returns the middle of the best window of a clip, which stands for the clip where it is compared.
fn best_time(facts: &ClipFacts) -> Time {
    best_window(facts, ClipWindow::USUAL).as_ref().map_or(Time::ZERO, ClipWindow::middle)
}

pub(super) fn clip_motion(facts: &ClipFacts) -> f64 {
    match facts.picture.motion {
        MotionLevel::Static => 0.1,
        MotionLevel::Slow => 0.4,
        MotionLevel::Medium => 0.7,
        MotionLevel::Fast => 1.0,
    }
}
