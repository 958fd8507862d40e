use serde::Serialize;

use mmm_base::MediaPath;
use mmm_facts::ShotReason;

/// Explains the segment on screen at some time, or a picture beside the movie.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Why {
    pub output: MediaPath,
    /// The poster or the preview, if the question is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<MediaPath>,
    /// The shots after the first that a preview shows: each with its number, counted from 1, and its name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(usize, String)>,
    /// The shot on screen: its name, its number counted from 1, and why it is there.
    pub shot: Option<String>,
    pub number: usize,
    #[serde(rename = "reason_detail")]
    pub reason: Option<ShotReason>,
    /// The segment: its first frame, its length in frames, and its key. Of a picture: the first frame that it
    /// shows.
    pub start: u32,
    pub frames: u32,
    pub key: String,
    pub made: Made,
    /// What changed in the segment since the previous build.
    pub changes: Vec<Change>,
    /// What changed in the project since the previous build.
    pub causes: Vec<Change>,
}

/// Whether the last build rendered a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Made {
    /// There was no earlier build.
    First,
    /// The segment was rendered again because something changed.
    Again,
    /// The segment is the same as in the previous build.
    Kept,
}

/// Something that changed, with its old and new value. `None` if it did not exist before, or does not exist
/// now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Change {
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The line of the spec, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}
