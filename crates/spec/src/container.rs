use serde::{Deserialize, Serialize};

use super::Codec;

/// The kind of file that a movie is, told by the ending of its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    #[default]
    Mp4,
    Mov,
    Webm,
}

impl Container {
    pub const ALL: [Self; 3] = [Self::Mp4, Self::Mov, Self::Webm];

    /// How the names of such files end, in small letters.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Mp4 => ".mp4",
            Self::Mov => ".mov",
            Self::Webm => ".webm",
        }
    }

    /// By the ending of a file's name; none where the name has no other part, or another ending.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| name.strip_suffix(kind.ending()).is_some_and(|stem| !stem.is_empty()))
    }

    pub fn is_mp4(&self) -> bool {
        *self == Self::Mp4
    }

    /// What it may hold; the first is taken where nothing is said.
    pub fn codecs(self) -> &'static [Codec] {
        match self {
            Self::Mp4 => &[Codec::H264, Codec::Hevc, Codec::Av1],
            Self::Mov => &[Codec::H264, Codec::Hevc],
            Self::Webm => &[Codec::Av1],
        }
    }
}
