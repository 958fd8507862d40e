use serde::{Deserialize, Serialize};

use crate::{FramingReason, Issue, LiveUse, SaidSource};
use mmm_base::{MediaPath, Speed, Time};

/// Why a shot shows its medium, with this moment, on this cut.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ShotReason {
    pub role: ShotRole,
    /// How many earlier shots show the same medium.
    pub turn: u32,
    /// The best moment of a clip: its start and end in the source.
    pub moment: Option<(Time, Time)>,
    /// What is best about a photo without issues.
    pub strength: Option<Strength>,
    /// How fast a clip is shown.
    pub speed: Speed,
    /// The gravest issue of a medium that is shown because nothing better was left.
    pub issue: Option<Issue>,
    /// The better medium to which this one is similar; it is shown because nothing else was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similar: Option<MediaPath>,
    /// How many near-duplicates it was preferred to.
    pub copies: usize,
    /// Whether the prompt asks for it.
    pub asked_for: bool,
    /// The stars that somebody gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
    /// Whether it is somebody's favourite.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// The person because of whom the spec requires it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Whether a live photo plays, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveUse>,
    /// Why its picture is not simply cropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framing: Option<FramingReason>,
    pub place: CutPlace,
}

/// What gave a medium its shot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShotRole {
    Opening,
    Ending,
    Highlight,
    /// The spec requires it.
    Required,
    /// The planner chose it.
    #[default]
    Chosen,
}

/// The best measure of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    Sharpness,
    Exposure,
    Contrast,
    Colourfulness,
}

/// Where the cut into a shot falls.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "kebab-case")]
pub enum CutPlace {
    /// On the steady grid of a movie that is not cut to beats.
    Grid { length: Time },
    /// In the music.
    Music { step: MusicStep, passage: Passage },
}

impl Default for CutPlace {
    fn default() -> Self {
        Self::Grid { length: Time::ZERO }
    }
}

/// What a cut to music falls on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MusicStep {
    /// The start of the movie.
    Start,
    /// The start of a section, a drop or a stop.
    Section,
    Downbeat,
    Beat,
    /// Between beats: the music has no beat for longer than a shot may last.
    OffBeat,
}

/// The energy of the music under a shot, relative to the rest of the movie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passage {
    Calm,
    Even,
    Lively,
}

/// Why a medium is in no shot.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LeftOutCause {
    /// Nothing in it lasts as long as the shortest shot.
    TooShort { longest: Time, shortest: Time },
    /// A damaged clip: what can be shown of it is too short.
    Damaged { longest: Time },
    /// A better medium shows the same.
    Twin {
        of: MediaPath,
        how: BetterTwin,
        /// Whether both are from one burst or are the same picture; otherwise they are only similar.
        burst: bool,
        /// Whether the better one is shown.
        shown: bool,
    },
    /// It is another version of the same picture or clip.
    Version {
        /// The version to which it belongs directly.
        of: MediaPath,
        version: VersionKind,
        /// What is better about the other version, where the kind of version doesn't say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<BetterTwin>,
        /// Whether the other version is shown.
        shown: bool,
    },
    /// Cheap measures found enough media of its chapter better, so no model looked at it.
    PassedOver,
    /// Its own issues, the gravest first.
    Issues { issues: Vec<Issue> },
    /// The prompt asks for less of it.
    Unwanted,
    /// Somebody rejected it; where that is said.
    Rejected { source: SaidSource },
    /// Its chapter has too few media for a shot.
    SmallChapter { title: String, media: usize },
    /// This many better media of its chapter are shown.
    Outranked { better: usize },
    /// This many media of its chapter fit the music better.
    Rhythm { others: usize },
}

/// What a medium is to another version of it that is preferred.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VersionKind {
    /// The same picture or clip.
    Copy,
    /// The small clip that a camera or an editing program writes beside a clip.
    Proxy,
    /// The clip of a proxy.
    ProxySource,
    /// The still that a camera writes beside a clip or a photo.
    Thumbnail,
    /// The clip or photo of a thumbnail.
    ThumbnailSource,
    /// The clip that a phone writes with a photo.
    PairClip,
    /// The photo that a phone writes with a clip.
    PairPhoto,
    /// What was edited.
    Unedited,
    /// The result of editing.
    Edited,
    /// The raw photo of a JPEG or HEIC.
    Raw,
    /// The JPEG or HEIC of a raw photo.
    Developed,
}

/// What makes a medium better than its near-duplicate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BetterTwin {
    /// The spec requires it.
    Required,
    /// It has no issue.
    Flawless,
    /// It has clearly more pixels.
    Larger,
    /// It says when it was taken, and the other doesn't.
    Dated,
    /// It is clearly less compressed.
    LessCompressed,
    Sharper,
    BetterExposed,
    /// It is as good.
    Equal,
}
