use serde::{Deserialize, Serialize};

use super::Codec;

/// The file format of a movie, given by its file extension.
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

    /// Returns the file extension, in lower case.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Mp4 => ".mp4",
            Self::Mov => ".mov",
            Self::Webm => ".webm",
        }
    }

    /// Returns the container for a file name; `None` if the extension is another one or the name is only an
    /// extension.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| name.strip_suffix(kind.ending()).is_some_and(|stem| !stem.is_empty()))
    }

    pub fn is_mp4(&self) -> bool {
        *self == Self::Mp4
    }

    /// Returns the codecs that it may contain; the first is the default.
    pub fn codecs(self) -> &'static [Codec] {
        match self {
            Self::Mp4 => &[Codec::H264, Codec::Hevc, Codec::Av1],
            Self::Mov => &[Codec::H264, Codec::Hevc],
            Self::Webm => &[Codec::Av1],
        }
    }
}
