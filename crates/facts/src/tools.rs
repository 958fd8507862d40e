use std::collections::BTreeMap;
use std::fmt;

use mmm_spec::Codec;
use serde::{Deserialize, Serialize};

use crate::Encoder;

/// An external library that affects the output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    Libavcodec,
    Libavfilter,
    Libavformat,
    Libswresample,
    Libswscale,
    Libx264,
    Libx265,
    Libsvtav1,
    Libwebp,
    Libdav1d,
}

impl Tool {
    pub const ALL: [Self; 10] = [
        Self::Libavcodec,
        Self::Libavfilter,
        Self::Libavformat,
        Self::Libswresample,
        Self::Libswscale,
        Self::Libx264,
        Self::Libx265,
        Self::Libsvtav1,
        Self::Libwebp,
        Self::Libdav1d,
    ];

    /// Libraries that decode the pictures of clips, and of photos that libav reads. Interlaced clips need
    /// libavfilter.
    pub const DECODING: [Self; 5] =
        [Self::Libavformat, Self::Libavcodec, Self::Libdav1d, Self::Libswscale, Self::Libavfilter];

    /// Libraries that decode sound.
    pub const HEARING: [Self; 3] = [Self::Libavformat, Self::Libavcodec, Self::Libswresample];

    /// Libraries that link a movie.
    pub const LINKING: [Self; 2] = [Self::Libavformat, Self::Libavcodec];

    /// Returns the library that encodes the picture besides libavcodec; `None` for hardware, whose drivers
    /// don't report a version.
    pub fn encoding(codec: Codec, encoder: Encoder) -> Option<Self> {
        match (encoder, codec) {
            (Encoder::Software, Codec::H264) => Some(Self::Libx264),
            (Encoder::Software, Codec::Hevc) => Some(Self::Libx265),
            (Encoder::Software, Codec::Av1) => Some(Self::Libsvtav1),
            _ => None,
        }
    }

    /// Returns the name of the library.
    pub fn name(self) -> &'static str {
        match self {
            Self::Libavcodec => "libavcodec",
            Self::Libavfilter => "libavfilter",
            Self::Libavformat => "libavformat",
            Self::Libswresample => "libswresample",
            Self::Libswscale => "libswscale",
            Self::Libx264 => "libx264",
            Self::Libx265 => "libx265",
            Self::Libsvtav1 => "libsvtav1",
            Self::Libwebp => "libwebp",
            Self::Libdav1d => "libdav1d",
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The versions of the libraries of a worker, as each library reports it. They are part of the keys of the
/// results that the library affects, so an upgrade is a cache miss for those results only. The processor is
/// not included: the bytes are the same on every processor.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tools(BTreeMap<Tool, String>);

impl Tools {
    /// Creates the set from the versions of some libraries; leave out those that are not installed.
    pub fn new(versions: impl IntoIterator<Item = (Tool, String)>) -> Self {
        Self(versions.into_iter().collect())
    }

    /// Returns the same tools with another version of `tool`.
    pub fn with(mut self, tool: Tool, version: &str) -> Self {
        self.0.insert(tool, version.to_owned());
        self
    }

    /// Returns only the versions of `tools`.
    pub fn of(&self, tools: &[Tool]) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(tool, _)| tools.contains(tool))
                .map(|(tool, v)| (*tool, v.clone()))
                .collect(),
        )
    }

    /// Returns each tool with its version, in the order of [`Tool`].
    pub fn versions(&self) -> impl Iterator<Item = (Tool, &str)> {
        self.0.iter().map(|(tool, version)| (*tool, version.as_str()))
    }

    /// Returns the version of a tool; `None` if it is not installed.
    pub fn version(&self, tool: Tool) -> Option<&str> {
        self.0.get(&tool).map(String::as_str)
    }

    /// Returns the tools whose versions differ, each with the version here and in `other`.
    pub fn differences<'a>(&'a self, other: &'a Self) -> Vec<(Tool, Option<&'a str>, Option<&'a str>)> {
        let both = Tool::ALL.into_iter().map(|tool| (tool, self.version(tool), other.version(tool)));
        both.filter(|(_, here, there)| here != there).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upgrade_is_named_and_touches_one_tool() {
        let old = Tools::new([(Tool::Libx264, "164".to_owned()), (Tool::Libavcodec, "59".to_owned())]);
        let new = old.clone().with(Tool::Libx264, "165");
        assert_eq!(old.differences(&new), [(Tool::Libx264, Some("164"), Some("165"))]);
        assert_eq!(old.of(&Tool::HEARING), new.of(&Tool::HEARING));
        assert_ne!(old.of(&[Tool::Libx264]), new.of(&[Tool::Libx264]));
        assert_eq!(Tool::ALL.map(Tool::name).len(), Tool::ALL.len());
    }
}
