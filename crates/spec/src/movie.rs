use serde::{Deserialize, Serialize};

use mmm_base::{CaptureTime, MediaPath, Score, Speed, Time};

use super::media_filter::MediaFilter;
use super::settings::{LivePhotos, Settings};
use super::zone::Zone;

/// A movie.yaml with all defaults filled in. The places of its values are in the [`SpanMap`](super::SpanMap),
/// so that a change in a comment does not change the `Movie`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Movie {
    /// The rules of `media`, in the order of the file.
    pub media: Vec<MediaRule>,
    /// The corrections of `cameras`, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cameras: Vec<CameraRule>,
    /// At least one, in the order of the file. Each contains the settings of the whole spec, overridden by
    /// its own.
    pub outputs: Vec<Output>,
}

/// One entry of `outputs`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Output {
    /// Where the movie is written, below the spec's folder; has the file extension of a
    /// [`Container`](super::Container).
    pub name: MediaPath,
    pub settings: Settings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Poster>,
    /// A short loop of the best shots: a GIF or a WebP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<MediaPath>,
    /// The texts of the movie with their times, in a file of a [`SubtitleFormat`](super::SubtitleFormat).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitles: Option<MediaPath>,
}

/// A still image beside the movie.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Poster {
    pub path: MediaPath,
    /// The time of its frame in the movie; if `None`, the planner chooses.
    pub at: Option<Time>,
}

impl Movie {
    /// Whether a rule includes files by their content.
    pub fn filters(&self) -> bool {
        self.media.iter().any(|rule| !rule.filter.is_empty())
    }
}

/// The end of a draft's file name.
pub const DRAFT: &str = ".draft.mp4";

impl Output {
    /// Returns the pictures that are written beside the movie.
    pub fn pictures(&self) -> impl Iterator<Item = &MediaPath> {
        self.poster.iter().map(|poster| &poster.path).chain(&self.preview)
    }

    /// Returns all files that are written beside the movie.
    pub fn beside(&self) -> impl Iterator<Item = &MediaPath> {
        self.pictures().chain(&self.subtitles)
    }

    /// Returns the path of the draft. It is beside the movie and never replaces the movie or the draft of
    /// another output. A draft is always an MP4 file.
    pub fn draft(&self) -> String {
        let name = self.name.as_str();
        let (stem, ending) = name.split_at(name.len().saturating_sub(4));
        if ending.eq_ignore_ascii_case(".mp4") { format!("{stem}{DRAFT}") } else { format!("{name}{DRAFT}") }
    }
}

/// One entry of `media`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MediaRule {
    /// The path or glob as written, normalized, without its leading `!`.
    pub pattern: String,
    pub action: RuleAction,
    /// Which of these files it includes, by their content.
    #[serde(default, skip_serializing_if = "MediaFilter::is_empty")]
    pub filter: MediaFilter,
}

/// What a rule does with the files that match its pattern.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// Includes them, with these settings.
    Take(Known),
    /// Excludes files that earlier rules included.
    Drop,
}

/// What the spec says about a medium. Later rules for the same file add to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Known {
    pub required: bool,
    /// Start of the part that may be shown (clips).
    pub from: Option<Time>,
    /// End of the part that may be shown (clips).
    pub to: Option<Time>,
    /// How fast it is shown (clips).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// Whether it is stabilized (clips); if `None`, the style decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steady: Option<bool>,
    /// Whether the moving picture of a live photo plays; if `None`, the style decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LivePhotos>,
    pub sound: Option<ClipSound>,
    /// The number of the sound track that is heard, counted from 1 (clips); if `None`, the file decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<u8>,
    pub caption: Option<String>,
    /// The point that stays in the frame: x and y from the top left, each as a fraction of the size, 0..=1.
    pub focus: Option<(Score, Score)>,
    pub role: Option<Role>,
    /// When it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<CaptureTime>,
    /// Seconds to add to its recorded time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_s: Option<i64>,
    /// The time zone of its recorded time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

/// One entry of `cameras`: how the clock of a camera was set.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CameraRule {
    /// The camera's name, or some words of it.
    pub name: String,
    /// Seconds to add to its times.
    pub clock_s: Option<i64>,
    pub zone: Option<Zone>,
}

impl CameraRule {
    /// Whether it is meant for the camera of this name: it has all the words of the rule's name.
    pub fn means(&self, camera: &str) -> bool {
        let words = |text: &str| -> Vec<String> {
            let parts = text.split(|letter: char| !letter.is_alphanumeric());
            parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
        };
        let (wanted, there) = (words(&self.name), words(camera));
        !wanted.is_empty() && wanted.iter().all(|word| there.contains(word))
    }
}

/// How a clip's own sound is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipSound {
    /// Kept if the movie has no music or someone speaks or sings, otherwise muted.
    #[default]
    Auto,
    Keep,
    Mute,
}

/// The part in the story that the spec gives to a medium.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The first shot.
    Opening,
    /// The last shot.
    Ending,
    /// Chosen before others, and placed where the music is strongest.
    Highlight,
}
