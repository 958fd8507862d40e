use serde::{Deserialize, Serialize};

use crate::{MediaKind, ShotReason, StereoSide, SubjectBox, SubjectMoment, Treatment, Window, turn};
use mmm_base::{MediaPath, Score, Time};
use mmm_spec::{Fit, Role, TransitionKind};

/// One shot, as the planner decided it. Timeline, review and web pages use the same value.
///
/// Times are measured from the start of the movie. Cuts are exact beat times, not yet whole frames.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Shot {
    /// An id that stays the same while the medium and its moment do: the path, plus `#2` and so on if the
    /// medium repeats.
    pub id: String,
    /// The cut into this shot.
    pub start: Time,
    pub length: Time,
    /// Index, among the beats in the movie, of the beat on which the cut falls.
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
    /// Whether an earlier shot shows the same medium, judging by its id.
    pub fn is_repeat(&self) -> bool {
        turn(&self.id, &self.source.path) > 0
    }
}

/// What a shot shows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotSource {
    pub path: MediaPath,
    pub kind: MediaKind,
    /// The part of a clip that is shown: its start and end in the source. `None` for photos. Its length is
    /// what the shot shows at its speed. The handles of its transitions are also inside the source shot.
    pub part: Option<(Time, Time)>,
}

/// How the picture of a shot is fitted into the frame.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotFraming {
    /// `Crop`, `Fill` or `Contain`; the planner has already resolved `Auto`.
    pub fit: Fit,
    /// The point that stays in the frame, 0..=1 of width and height of the upright picture.
    pub focus: (Score, Score),
    /// The part of a photo that stays whole in the frame; `None` if nothing stands out or the spec sets the
    /// focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectBox>,
    /// What a crop of a photo shows; `None` if it lies around the subject, or else the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<PhotoCrop>,
    /// The subject that a crop of a clip follows, over the whole source shot around the part; otherwise
    /// empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub track: Vec<SubjectMoment>,
}

/// The part of a photo that fills the frame.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoCrop {
    /// The part, or the first of those that are shown in turn.
    pub from: Window,
    /// The part that is shown last, if the frame moves along the photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Window>,
}

/// What is heard of a shot.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ShotSound {
    /// Whether the clip's own sound is in the movie; false for photos.
    pub is_kept: bool,
    /// Where someone speaks or sings in the part that is shown, in the source's time; empty if its sound is
    /// not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<(Time, Time)>,
    /// The gain that brings its sound to the common level, in hundredths of a decibel; the same for all shots
    /// of a clip.
    pub gain: i32,
    /// Whether wind blows on the microphone in the part that is shown; false if its sound is not kept.
    pub is_windy: bool,
    /// The side that alone carries its sound, which is then heard from both; `None` if both do, or if its
    /// sound is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_sided: Option<StereoSide>,
}

/// The qualities of a shot, and its part in the story.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ShotMerits {
    /// The role that the spec gives to its medium.
    pub role: Option<Role>,
    pub story_beat: StoryBeat,
    /// How well the liveliness of the shot fits the energy of the music under it.
    pub energy_match: Score,
    /// Technical quality of the medium at that moment.
    pub quality: Score,
    /// How much it differs from its neighbours.
    pub variety: Score,
    /// How well it meets the prompt; ½ if the prompt says nothing about it.
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

/// The transition from the previous shot into a shot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Transition {
    pub kind: TransitionKind,
    /// Zero for a cut. Centred on the cut; if both shots are visible, each provides half as a handle.
    pub length: Time,
}

impl Transition {
    pub const CUT: Self = Self { kind: TransitionKind::Cut, length: Time::ZERO };
}
