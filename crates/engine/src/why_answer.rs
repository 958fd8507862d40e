use serde::Serialize;

use mmm_base::MediaPath;
use mmm_facts::ShotReason;

/// Why the segment on screen at some time is what it is, or a picture beside the movie.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Why {
    pub output: MediaPath,
    /// The poster or the preview that is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<MediaPath>,
    /// The shots after the first that a preview shows: the number of each, counted from 1, and its name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(usize, String)>,
    /// The shot on screen: its name, its number counted from 1, and why it is there.
    pub shot: Option<String>,
    pub number: usize,
    #[serde(rename = "reason_detail")]
    pub reason: Option<ShotReason>,
    /// The segment: its first frame, its length in frames, and its key. Of a picture the first frame that it shows.
    pub start: u32,
    pub frames: u32,
    pub key: String,
    pub made: Made,
    /// What of the segment is other than in the build before.
    pub changes: Vec<Change>,
    /// What was done to the movie since then.
    pub causes: Vec<Change>,
}

/// Whether the last build made a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Made {
    /// There was no build before.
    First,
    /// Again, since something changed.
    Again,
    /// The segment is that of the build before.
    Kept,
}

/// Something with its old and its new value; none where it was not there, or is there no more.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Change {
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The line of the spec, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}
