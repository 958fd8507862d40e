use serde::{Deserialize, Serialize};

use crate::{Canvas, MusicCue, SegmentRecipe, Shot, SoundRecipe, Subtitle};
use mmm_spec::TransitionKind;

/// Samples per second of every movie.
pub const SAMPLE_RATE: u32 = 48_000;

/// A movie in whole frames and samples.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Timeline {
    pub canvas: Canvas,
    pub title: Option<String>,
    pub description: Option<String>,
    /// Length in frames.
    pub frames: u32,
    /// Length in samples at 48 kHz; the sound ends with the last frame.
    pub samples: u64,
    /// In order, without gaps.
    pub shots: Vec<TimelineShot>,
    pub chapters: Vec<ChapterMark>,
    /// In order, without gaps; together as long as the movie.
    pub segments: Vec<Segment>,
    /// `None` if the movie is silent.
    pub sound: Option<SoundRecipe>,
    pub music: Vec<MusicCue>,
    /// The texts of the movie, in order, never at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtitles: Vec<Subtitle>,
}

/// A shot in whole frames.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TimelineShot {
    pub shot: Shot,
    /// The frame of the cut into it.
    pub start: u32,
    pub frames: u32,
    pub transition: ShotTransition,
}

impl TimelineShot {
    /// Returns the frame of the cut to the next shot.
    pub fn end(&self) -> u32 {
        self.start + self.frames
    }
}

/// The transition into a shot: half of its frames are before the cut, half after.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShotTransition {
    pub kind: TransitionKind,
    pub frames: u32,
}

impl ShotTransition {
    /// Returns the frames on each side of the cut in which both shots are visible.
    pub fn handle(self) -> u32 {
        if self.kind.overlaps() { self.frames / 2 } else { 0 }
    }
}

/// Where a chapter starts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChapterMark {
    pub frame: u32,
    pub title: String,
}

/// A stretch of the movie that is encoded on its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Segment {
    pub start: u32,
    pub recipe: SegmentRecipe,
}
