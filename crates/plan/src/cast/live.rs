use super::candidate::{Candidate, Subject, clip_motion};
use super::likeness::{are_one_live_photo, live_setting};
use super::limits::Limits;
use super::usable::{self, Run};
use super::versions::{Tie, Version};
use mmm_base::{MediaPath, Time};
use mmm_facts::{
    ClipFacts, Facts, LiveUse, Material, MediaKind, Medium, MotionLevel, MotionPart, WhyLivePlays,
    WhyLiveStays,
};
use mmm_spec::LivePhotos;

/// Decides which live photos play.
pub(super) struct LiveChoice<'a> {
    pub material: &'a Material,
    pub limits: Limits,
    /// Whether runs leave room for transitions.
    pub handles: bool,
    /// Whether those that the spec says nothing about stay still.
    pub are_held: bool,
}

/// The moving picture of a live photo, before it is decided whether it plays.
struct Moving<'a> {
    clip: &'a Medium,
    facts: &'a ClipFacts,
    /// The candidate of a clip that is a file of its own.
    index: Option<usize>,
    /// Whether the files themselves say that both belong together.
    is_proven: bool,
    is_edited: bool,
}

impl<'a> LiveChoice<'a> {
    /// Lets live photos play: such a candidate keeps the merits of its photo, and shows its moving picture.
    pub fn settle(&self, candidates: &mut [Candidate<'a>], versions: &[Option<Version>]) {
        for index in 0..candidates.len() {
            if versions[index].is_some() {
                continue;
            }
            if matches!(candidates[index].facts, Subject::Clip(_)) {
                self.show_instead(candidates, versions, index);
                continue;
            }
            let medium = candidates[index].medium;
            candidates[index].live = match &medium.probe.motion {
                Some(MotionPart::Unreadable(error)) => Some(WhyLiveStays::Unreadable(error.clone())),
                // What the spec keeps still isn't analysed.
                Some(MotionPart::Clip(_)) if medium.motion.is_none() => Some(WhyLiveStays::Asked),
                _ => None,
            }
            .map(LiveUse::Stays);
            let Some(moving) = moving(candidates, versions, index) else { continue };
            let said = live_setting(self.material, medium, moving.clip);
            if said == LivePhotos::Auto && !moving.is_proven {
                continue;
            }
            if moving.index.is_some_and(|clip| candidates[clip].required) {
                // The clip is shown by itself.
                continue;
            }
            self.choose(&mut candidates[index], &moving, said);
        }
    }

    /// Marks a clip that is shown because of an issue of its photo, and not because the spec requires it.
    fn show_instead(&self, candidates: &mut [Candidate<'a>], versions: &[Option<Version>], index: usize) {
        if candidates[index].required {
            return;
        }
        let clip = candidates[index].medium;
        let is_photo = |other: &usize| {
            versions[*other].is_some_and(|version| version.best == index && version.tie == Tie::Pair)
                && are_one_live_photo(candidates[*other].medium, clip) == Some(true)
        };
        let Some(photo) = (0..candidates.len()).find(is_photo) else { return };
        let Some(issue) = candidates[photo].flaws.first().copied() else { return };
        let why = match live_setting(self.material, candidates[photo].medium, clip) {
            LivePhotos::Play => WhyLivePlays::Asked,
            _ => WhyLivePlays::Photo(issue),
        };
        candidates[index].live = Some(LiveUse::Plays { why, moment: None });
    }

    /// Decides about one photo.
    fn choose(&self, candidate: &mut Candidate<'a>, moving: &Moving<'a>, said: LivePhotos) {
        let Moving { clip, facts, .. } = *moving;
        candidate.live_clip = Some(clip);
        let all = usable::runs(clip, facts, self.handles).unwrap_or_default();
        let length = facts.picture.duration;
        let stated = clip.probe.still_at.filter(|at| (Time::ZERO..length).contains(at));
        let at = stated.unwrap_or(length.scale(1, 2));
        let around = all.iter().find(|run| (run.start..run.end).contains(&at)).copied();
        // Where the spec asks for another part of it, that part is shown.
        let (moment, runs) = match around {
            None if said == LivePhotos::Play => (None, all),
            around => (Some(at), around.into_iter().collect()),
        };
        let choice = self.use_of(candidate, moving, said, &runs);
        let choice = match choice {
            Ok(why) => LiveUse::Plays { why, moment },
            Err(why) => LiveUse::Stays(why),
        };
        if choice.plays() {
            candidate.play(clip, facts, runs, moment);
        }
        candidate.live = Some(choice);
    }

    fn use_of(
        &self,
        photo: &Candidate,
        moving: &Moving,
        said: LivePhotos,
        runs: &[Run],
    ) -> Result<WhyLivePlays, WhyLiveStays> {
        if said == LivePhotos::Still {
            return Err(WhyLiveStays::Asked);
        }
        let longest = runs.iter().map(Run::length).max().unwrap_or(Time::ZERO);
        let longest = moving.clip.known.speed.unwrap_or_default().lasts(longest);
        let shortest = self.limits.min;
        if longest < shortest {
            return Err(WhyLiveStays::Short { longest, shortest });
        }
        if said == LivePhotos::Play {
            return Ok(WhyLivePlays::Asked);
        }
        let own = self.by_facts(moving);
        match (own, self.before(&photo.medium.path, &moving.clip.path)) {
            (Ok(_), _) if self.are_held => Err(WhyLiveStays::Room),
            (Ok(_), Some(false)) => Err(WhyLiveStays::Locked),
            (Err(_), Some(true)) if !self.are_held => Ok(WhyLivePlays::Locked),
            (own, _) => own,
        }
    }

    fn by_facts(&self, moving: &Moving) -> Result<WhyLivePlays, WhyLiveStays> {
        if moving.is_edited {
            return Err(WhyLiveStays::Edited);
        }
        if let Some(issue) = self.material.issues(moving.clip).first() {
            return Err(WhyLiveStays::Issue(*issue));
        }
        match moving.facts.picture.motion {
            MotionLevel::Static => Err(WhyLiveStays::Motionless),
            _ => Ok(WhyLivePlays::Moves),
        }
    }

    /// Whether the earlier plan played it; `None` if that didn't show it.
    fn before(&self, photo: &MediaPath, clip: &MediaPath) -> Option<bool> {
        let shots = self.material.kept.iter().flat_map(|kept| &kept.shots);
        let mut shown = shots.filter(|shot| shot.source == *photo || shot.source == *clip);
        shown.next().map(|shot| shot.part.is_some())
    }
}

/// Returns the moving picture of the photo at `index`: in its own file, or else the best clip that belongs to it.
fn moving<'a>(
    candidates: &[Candidate<'a>],
    versions: &[Option<Version>],
    index: usize,
) -> Option<Moving<'a>> {
    if let Some(clip) = candidates[index].medium.motion.as_deref() {
        let Facts::Clip(facts) = &clip.facts else { return None };
        return Some(Moving { clip, facts, index: None, is_proven: true, is_edited: false });
    }
    let pairs = (0..candidates.len()).filter_map(|at| {
        let version = versions[at].filter(|version| version.best == index && version.tie == Tie::Pair)?;
        let (Subject::Clip(facts), clip) = (candidates[at].facts, candidates[at].medium) else {
            return None;
        };
        let is_proven = are_one_live_photo(candidates[version.next].medium, clip) == Some(true);
        let is_edited = is_before_edit(versions, version.next);
        Some(Moving { clip, facts, index: Some(at), is_proven, is_edited })
    });
    let key = |moving: &Moving| {
        let pixels = moving.index.map_or(0, |at| candidates[at].pixels());
        (moving.is_edited, !moving.is_proven, std::cmp::Reverse(pixels), moving.clip.path.clone())
    };
    pairs.min_by_key(key)
}

/// Whether an edit lies on the way from a version to the best one.
fn is_before_edit(versions: &[Option<Version>], index: usize) -> bool {
    let next = |version: &Version| versions[version.next];
    let mut way = std::iter::successors(versions[index], next).take(versions.len());
    way.any(|version| version.tie == Tie::Edit)
}

impl<'a> Candidate<'a> {
    /// Shows a moving picture instead of the photo.
    fn play(&mut self, clip: &'a Medium, facts: &'a ClipFacts, runs: Vec<Run>, moment: Option<Time>) {
        self.shown = clip;
        self.facts = Subject::Clip(facts);
        self.kind = MediaKind::Clip;
        self.runs = runs;
        self.moment = moment;
        self.motion = clip_motion(facts);
    }
}
