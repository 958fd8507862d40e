use serde::{Deserialize, Serialize};

use crate::{MediaKind, ShotReason, SubjectBox, SubjectMoment, Treatment, turn};
use mmm_base::{MediaPath, Score, Time};
use mmm_spec::{Fit, Role, TransitionKind};

/// One shot, as the planner decided it. It crosses timeline, review and pages as it is.
///
/// Times are the movie's own, from its start; cuts are exact beats, not yet whole frames.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Shot {
    /// A name that stays while the medium and its moment stay: the path, and `#2` and so on where a medium
    /// comes again.
    pub id: String,
    /// The cut into this shot.
    pub start: Time,
    pub length: Time,
    /// Index, among the beats that fall into the movie, of the beat the cut stands on.
    pub beat: Option<u32>,
    pub transition: Transition,
    pub source: ShotSource,
    pub framing: ShotFraming,
    pub treatment: Treatment,
    pub sound: ShotSound,
    pub merits: ShotMerits,
    pub reason: ShotReason,
}

impl Shot {
    /// Whether an earlier shot shows the same medium, as far as its name tells.
    pub fn comes_again(&self) -> bool {
        turn(&self.id, &self.source.path) > 0
    }
}

/// What a shot shows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotSource {
    pub path: MediaPath,
    pub kind: MediaKind,
    /// The part of a clip that is shown: its start and end in the source. None for photos.
    /// It is as long as its speed shows in the shot's length, and the handles of its transitions lie inside the
    /// source shot.
    pub part: Option<(Time, Time)>,
}

/// How the picture of a shot is brought into the frame.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotFraming {
    /// `Crop`, `Fill` or `Contain`; `Auto` is decided here.
    pub fit: Fit,
    /// The point that stays in the frame, 0..=1 of width and height of the upright picture.
    pub focus: (Score, Score),
    /// What of a photo stays whole in the frame; none where nothing stands out, or the spec says its focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectBox>,
    /// What a crop of a clip keeps to, over all of the source shot that the part is of; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub track: Vec<SubjectMoment>,
}

/// What of a shot is heard.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ShotSound {
    /// Whether the clip's own sound is in the movie; false for photos.
    pub is_kept: bool,
    /// Where someone speaks or sings in the part that is shown, in the source's time; empty where its sound is not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<(Time, Time)>,
    /// What brings its sound to the common level, in hundredths of a decibel; the same for all shots of a clip.
    pub gain: i32,
    /// Wind blows on the microphone in the part that is shown; false where its sound is not kept.
    pub is_windy: bool,
}

/// What speaks for a shot, and its part in the story.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotMerits {
    /// What the spec wants of its medium.
    pub role: Option<Role>,
    pub story_beat: StoryBeat,
    /// How well the shot's own liveliness fits the music's energy under it.
    pub energy_match: Score,
    /// Technical quality of the medium at that moment.
    pub quality: Score,
    /// How much its neighbours differ from it.
    pub variety: Score,
    /// How well it meets the prompt; ½ where the prompt says nothing of it.
    pub wanted: Score,
}

/// The part of the story that a shot tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoryBeat {
    Introduction,
    Rising,
    Climax,
    Resolution,
}

/// The way into a shot from the one before.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Transition {
    pub kind: TransitionKind,
    /// Zero for a cut. Centred on the cut; where both shots are seen, half is taken from a handle of each.
    pub length: Time,
}

impl Transition {
    pub const CUT: Self = Self { kind: TransitionKind::Cut, length: Time::ZERO };
}
