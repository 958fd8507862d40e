use serde::{Deserialize, Serialize};

use crate::MediaKind;
use crate::turn;
use crate::{LeftOutCause, Outline, ShotReason};
use crate::{SubjectBox, SubjectMoment};
use mmm_base::{MediaPath, Score, Speed, Time};
use mmm_spec::{ClipSound, Fit, Role, TransitionKind};

/// Which moment stands on which beats, in which order, and why; and what was left out, and why.
///
/// Times are the movie's own, from its start; cuts are exact beats, not yet whole frames.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct EditPlan {
    /// Length of the movie.
    pub length: Time,
    /// In order, without gaps: the first starts at 0, the last ends at `length`.
    pub shots: Vec<PlannedShot>,
    /// Lengths of the way out of black at the start, and back at the end.
    pub ends: (Time, Time),
    /// In order of time; empty without music.
    pub music: Vec<MusicCue>,
    /// In order of time; the first starts at 0.
    pub chapters: Vec<Chapter>,
    pub titles: Vec<TitleCue>,
    /// Every medium of the spec that is in no shot, best first.
    pub left_out: Vec<LeftOut>,
    pub outline: Outline,
}

/// One shot.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PlannedShot {
    /// A name that stays while the medium and its moment stay: the path, and `#2` and so on where a medium
    /// comes again.
    pub id: String,
    pub source: MediaPath,
    pub kind: MediaKind,
    /// The cut into this shot.
    pub start: Time,
    pub length: Time,
    /// The part of a clip that is shown: its start and end in the source. None for photos.
    /// It is as long as `speed` shows in `length`, and the handles of its transitions lie inside the source shot.
    pub part: Option<(Time, Time)>,
    /// How fast a clip is shown; normal for photos.
    #[serde(default, skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
    /// Whether a clip is steadied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub steady: bool,
    /// Index, among the beats that fall into the movie, of the beat the cut stands on.
    pub beat: Option<u32>,
    pub transition: Transition,
    pub fit: Fit,
    /// The point that stays in the frame, 0..=1 of width and height of the upright picture.
    pub focus: (Score, Score),
    /// What of a photo stays whole in the frame; none where nothing stands out, or the spec says its focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectBox>,
    /// What a crop of a clip keeps to, over all of the source shot that the part is of; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub track: Vec<SubjectMoment>,
    /// `Keep` or `Mute`; `Auto` is decided here.
    pub sound: ClipSound,
    /// Where someone speaks or sings in the part that is shown, in the source's time; empty where
    /// its sound is not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<(Time, Time)>,
    /// What brings its sound to the common level, in hundredths of a decibel; the same for all shots of a clip.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gain: i32,
    /// Wind blows on the microphone in the part that is shown; false where its sound is not kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub windy: bool,
    /// What is taken from the exponent of a dark clip's tones, in thousandths; zero where they are as they should be.
    #[serde(default, skip_serializing_if = "is_unlifted")]
    pub lift: u16,
    pub role: Option<Role>,
    pub story_beat: StoryBeat,
    /// How well the shot's own liveliness fits the music's energy under it.
    pub energy_match: Score,
    /// What spoke for it.
    pub scores: ShotScores,
    pub reason: ShotReason,
}

impl PlannedShot {
    /// Whether an earlier shot shows the same medium, as far as its name tells.
    pub fn comes_again(&self) -> bool {
        turn(&self.id, &self.source) > 0
    }
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

/// The part of the story that a shot tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoryBeat {
    Introduction,
    Rising,
    Climax,
    Resolution,
}

/// The figures behind a choice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ShotScores {
    /// Technical quality of the medium at that moment.
    pub quality: Score,
    /// How much its neighbours differ from it.
    pub variety: Score,
    /// How well it meets the prompt; ½ where the prompt says nothing of it.
    pub wanted: Score,
}

/// One stretch of music in the movie.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MusicCue {
    pub source: MediaPath,
    /// Where in the movie it starts.
    pub start: Time,
    /// Where in the file it starts.
    pub from: Time,
    pub length: Time,
    pub fade_in: Time,
    /// The fade that ends with the cue.
    pub fade_out: Time,
    /// What brings the track to the common level, in hundredths of a decibel.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gain: i32,
}

fn is_unlifted(lift: &u16) -> bool {
    *lift == 0
}

fn is_zero(gain: &i32) -> bool {
    *gain == 0
}

/// A stretch of media taken close together in time.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Chapter {
    pub start: Time,
    pub title: String,
}

/// Words over the picture.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TitleCue {
    pub text: String,
    pub start: Time,
    pub length: Time,
    pub kind: TitleKind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleKind {
    /// Large, in the middle.
    Title,
    /// Small, low.
    Caption,
}

/// A medium that is in no shot.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    pub source: MediaPath,
    pub cause: LeftOutCause,
    pub score: Score,
}
