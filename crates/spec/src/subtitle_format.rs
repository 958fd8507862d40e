use serde::{Deserialize, Serialize};

/// The format of a file of subtitles, given by its file extension.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubtitleFormat {
    /// SubRip.
    Srt,
    /// WebVTT.
    Vtt,
}

impl SubtitleFormat {
    /// File extensions, in lower case.
    pub const ENDINGS: &[&str] = &[".srt", ".vtt"];

    /// Returns the format for a file name; `None` if the extension is another one.
    pub fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().rsplit_once('.')?.1 {
            "srt" => Some(Self::Srt),
            "vtt" => Some(Self::Vtt),
            _ => None,
        }
    }
}
