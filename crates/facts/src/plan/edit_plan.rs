use serde::{Deserialize, Serialize};

use crate::{LeftOutCause, Outline, Shot};
use mmm_base::{MediaPath, Score, Time};

/// Which moment falls on which beats, in which order, and why; and what was left out, and why.
///
/// Times are measured from the start of the movie. Cuts are exact beat times, not yet whole frames.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct EditPlan {
    /// Length of the movie.
    pub length: Time,
    /// In order, without gaps: the first starts at 0, the last ends at `length`.
    pub shots: Vec<Shot>,
    /// Lengths of the fade in at the start and of the fade out at the end.
    pub ends: (Time, Time),
    /// In order of time; empty without music.
    pub music: Vec<MusicCue>,
    /// In order of time; the first starts at 0.
    pub chapters: Vec<Chapter>,
    pub titles: Vec<TitleCue>,
    /// Titles and captions that are only subtitles, because the picture shows no text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_titles: Vec<TitleCue>,
    /// Every medium of the spec that is in no shot, best first.
    pub left_out: Vec<LeftOut>,
    pub outline: Outline,
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
    /// The gain that brings the track to the common level, in hundredths of a decibel.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gain: i32,
}

/// Returns the stretch of the movie in which the beats of each cue count, given where each starts and ends.
/// Cues that overlap hand over at the middle of the overlap.
pub fn beat_spans(cues: &[(Time, Time)]) -> Vec<(Time, Time)> {
    let handover = |at: usize| match (cues.get(at), cues.get(at + 1)) {
        (Some((_, end)), Some((start, _))) if start < end => Some((*start + *end).scale(1, 2)),
        _ => None,
    };
    let span = |(index, (start, end)): (usize, &(Time, Time))| {
        let from = index.checked_sub(1).and_then(handover).unwrap_or(*start);
        (from, handover(index).unwrap_or(*end))
    };
    cues.iter().enumerate().map(span).collect()
}

fn is_zero(gain: &i32) -> bool {
    *gain == 0
}

/// Media taken close together in time.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Chapter {
    pub start: Time,
    pub title: String,
}

/// A title or caption.
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
