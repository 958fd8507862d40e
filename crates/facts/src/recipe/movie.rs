use mmm_base::{Digest, Rate};
use mmm_spec::Container;
use serde::{Deserialize, Serialize};

/// Everything that is linked into one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MovieRecipe {
    /// The segments of the picture, in order, with their lengths in frames.
    pub segments: Vec<(Digest, u32)>,
    pub sound: Option<Digest>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// First frame and title of each chapter.
    pub chapters: Vec<(u32, String)>,
    pub rate: Rate,
    pub frames: u32,
    #[serde(default, skip_serializing_if = "Container::is_mp4")]
    pub container: Container,
    /// The text track; empty if there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtitles: Vec<Subtitle>,
    /// Whether the texts are only in the text track, so that players should show it unasked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_subtitles: bool,
}

/// A text and the frames in which it is shown.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Subtitle {
    pub start: u32,
    /// The frame after its last one.
    pub end: u32,
    /// Lines of text, none of them empty.
    pub text: String,
}

/// A linked file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finished {
    pub digest: Digest,
    pub bytes: u64,
    pub frames: u32,
}
