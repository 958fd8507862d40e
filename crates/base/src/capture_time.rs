use serde::{Deserialize, Serialize};

/// When a medium was taken, as one source states it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CaptureTime {
    /// Seconds since 1970-01-01T00:00:00 on the wall clock of the place or the camera.
    pub local_s: i64,
    /// Minutes by which that clock was ahead of UTC, if the source says so.
    pub offset_min: Option<i16>,
    pub source: TimeSource,
    /// Whether the source names only the day; `local_s` is then the start of the day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub day_only: bool,
}

/// Where a capture time was found, in the order in which sources are believed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// `taken` in the spec.
    Spec,
    /// The EXIF block.
    Exif,
    /// A clock with its time zone among the tags of a clip: Apple's `creationdate` and its like.
    Tag,
    /// The time in the header of a clip. Most cameras write UTC there, as the standard asks.
    Header,
    /// An XMP packet inside the file.
    Xmp,
    /// An IPTC record inside the file.
    Iptc,
    /// A text chunk of a PNG file.
    Text,
    /// An XMP file beside the medium.
    Sidecar,
    /// The JSON file that Google Takeout writes beside the medium.
    Takeout,
    /// The name of the file.
    Name,
    /// Another version of it: the original of an edit, the thumbnail of a clip.
    Version,
    /// The time of the last change in the EXIF block.
    Changed,
    /// A medium listed beside it.
    Neighbour,
}

impl CaptureTime {
    /// Returns the time that a source states to the second.
    pub fn new(local_s: i64, offset_min: Option<i16>, source: TimeSource) -> Self {
        Self { local_s, offset_min, source, day_only: false }
    }

    /// Returns seconds since the epoch, in UTC. If the source names no zone, the wall clock is assumed to be
    /// `zone_min` minutes ahead of UTC.
    pub fn utc_s(self, zone_min: i16) -> i64 {
        self.local_s.saturating_sub(i64::from(self.offset_min.unwrap_or(zone_min)) * 60)
    }
}
