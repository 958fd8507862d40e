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
}

/// A linked file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finished {
    pub digest: Digest,
    pub bytes: u64,
    pub frames: u32,
}
