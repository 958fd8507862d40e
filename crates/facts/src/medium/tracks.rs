use std::fmt;

use serde::{Deserialize, Serialize};

/// The sound stream that `mmm` uses.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundStream {
    pub codec: String,
    pub sample_rate_hz: u32,
    pub channels: u32,
}

/// One of several pictures in a file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PictureTrack {
    pub codec: String,
    /// Width as displayed, in pixels.
    pub width: u32,
    /// Height as displayed, in pixels.
    pub height: u32,
    pub decodable: Decodability,
    /// Whether it is the file's picture.
    pub is_chosen: bool,
}

/// One of the sound tracks of a file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundTrack {
    #[serde(flatten)]
    pub stream: SoundStream,
    pub title: Option<String>,
    pub decodable: Decodability,
    /// Whether it is the file's sound unless the spec names another track.
    pub is_chosen: bool,
}

/// Whether a stream can be decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decodability {
    Decodable,
    /// There is no decoder for its codec.
    Unsupported,
    /// The file announces it and contains nothing of it, or not what its decoder needs.
    Empty,
}

/// Why a sound track can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TrackTrouble {
    /// The file has no track of that number.
    Missing,
    /// It can't be decoded.
    Undecodable,
}

impl SoundTrack {
    /// Returns the track of a file that has no other.
    pub fn only(stream: SoundStream) -> Self {
        Self { stream, title: None, decodable: Decodability::Decodable, is_chosen: true }
    }
}

impl fmt::Display for SoundTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SoundStream { codec, channels, .. } = &self.stream;
        match channels {
            0 => f.write_str(codec)?,
            1 => write!(f, "{codec} mono")?,
            2 => write!(f, "{codec} stereo")?,
            channels => write!(f, "{codec} with {channels} channels")?,
        }
        self.title.as_ref().map_or(Ok(()), |title| write!(f, " “{title}”"))
    }
}
