use serde::{Deserialize, Serialize};

use mmm_base::{Score, Time};

/// The plan as a whole, in figures.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Outline {
    /// Length of the movie.
    pub length: Time,
    /// Shots of photos.
    pub photos: usize,
    /// Shots of clips.
    pub clips: usize,
    /// Media that could be shown.
    pub media: usize,
    /// Media at which no model looked, because cheap measures found enough others better; not among `media`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub passed_over: usize,
    pub chapters: usize,
    pub story: StoryCounts,
    pub pacing: Pacing,
    pub shot_lengths: ShotLengths,
    pub sync: MusicSync,
    pub variety: Score,
    pub story_coherence: Score,
    pub technical_quality: Score,
}

/// How many shots belong to each part of the story.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct StoryCounts {
    pub introduction: usize,
    pub rising: usize,
    pub climax: usize,
    pub resolution: usize,
}

/// What determines the pace of the cuts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pacing {
    /// The energy of the music.
    #[default]
    Music,
    /// The energy of the music, shifted by the prompt.
    MusicAndPrompt,
    Calm,
    Steady,
    Lively,
}

/// How long the shots last.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ShotLengths {
    pub shortest: Time,
    pub longest: Time,
    pub mean: Time,
}

/// How the cuts match the music.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct MusicSync {
    pub cuts: usize,
    /// How many of the cuts fall on a beat; `None` if the movie is cut on a steady grid.
    pub on_beat: Option<usize>,
    pub notes: Vec<GridNote>,
}

/// A limitation of the music that shapes the cuts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum GridNote {
    /// Some of the music has no reliable beats; there, cuts fall on a steady grid.
    NoBeats,
    /// The music ends at this time, before the movie; cuts continue at its last tempo.
    MusicEnds { at: Time },
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
