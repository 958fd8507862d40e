use serde::{Deserialize, Serialize};

use mmm_base::{MediaPath, Score, Speed, Time};

use super::settings::Settings;

/// A movie.yaml, read and defaulted, without the places where its words stood (those are in the
/// [`SpanMap`](super::SpanMap), so that a comment changes no `Movie`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Movie {
    /// The rules of `media`, in the order of the file.
    pub media: Vec<MediaRule>,
    /// At least one; in the order of the file. Each holds all that stands above, overridden by
    /// what it says itself.
    pub outputs: Vec<Output>,
}

/// One entry of `outputs`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Output {
    /// Where the movie is written, below the spec's folder; ends as a [`Container`](super::Container) does.
    pub name: MediaPath,
    pub settings: Settings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Poster>,
    /// A short loop of the best shots: a GIF or a WebP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<MediaPath>,
}

/// A still beside the movie.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Poster {
    pub path: MediaPath,
    /// The time of its frame in the movie; none leaves it to the compiler.
    pub at: Option<Time>,
}

/// How the name of a draft ends.
pub const DRAFT: &str = ".draft.mp4";

impl Output {
    /// The pictures that are written beside the movie.
    pub fn pictures(&self) -> impl Iterator<Item = &MediaPath> {
        self.poster.iter().map(|poster| &poster.path).chain(&self.preview)
    }

    /// Where its draft is written: beside it, never in its place, and never in that of another
    /// output's draft. A draft is an MP4 file, whatever the movie is.
    pub fn draft(&self) -> String {
        let name = self.name.as_str();
        let (stem, ending) = name.split_at(name.len().saturating_sub(4));
        if ending.eq_ignore_ascii_case(".mp4") { format!("{stem}{DRAFT}") } else { format!("{name}{DRAFT}") }
    }
}

/// One entry of `media`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MediaRule {
    /// The path or glob as written, normalised, without its leading `!`.
    pub pattern: String,
    pub action: RuleAction,
}

/// What a rule does with the files that its pattern names.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// Takes them in, with what is known about them.
    Take(Known),
    /// Takes away what earlier rules took in.
    Drop,
}

/// What the spec says about a medium. A later rule that names the same file adds to it.
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
    /// Whether it is steadied (clips); none leaves it to the style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steady: Option<bool>,
    pub sound: Option<ClipSound>,
    pub caption: Option<String>,
    /// The point that stays in the frame: x and y from the top left, each 0..=1 of the size.
    pub focus: Option<(Score, Score)>,
    pub role: Option<Role>,
}

/// What becomes of a clip's own sound.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipSound {
    /// Kept where the movie has no music, muted where it has.
    #[default]
    Auto,
    Keep,
    Mute,
}

/// The place in the story that the spec gives a medium.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The first shot.
    Opening,
    /// The last shot.
    Ending,
    /// Taken before others, and placed where the music is strongest.
    Highlight,
}
