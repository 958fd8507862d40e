use serde::{Deserialize, Serialize};

use mmm_base::{Rate, Time};

/// What a file is, by its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    Photo,
    Clip,
    /// Sound without a moving picture; a cover picture does not count.
    Music,
}

/// What a file's headers tell, read without decoding it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Probe {
    pub kind: MediaKind,
    /// `jpeg`, `png`, `webp`, … for photos; the container's short name for others.
    pub format: String,
    /// Bytes in the file.
    pub bytes: u64,
    pub picture: Option<PictureStream>,
    pub sound: Option<SoundStream>,
    /// Length of clips and music.
    pub duration: Option<Time>,
    pub taken: Option<CaptureTime>,
    pub place: Option<GeoPlace>,
    /// Maker and model of the camera, as its file says.
    pub camera: Option<String>,
    /// The container's comment; of a photo, our mark alone.
    pub comment: Option<String>,
}

/// The picture as it is shown: upright, with square pixels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PictureStream {
    /// Width as displayed, in pixels.
    pub width: u32,
    /// Height as displayed, in pixels.
    pub height: u32,
    /// How the stored picture becomes the shown one.
    pub orientation: Orientation,
    /// Codec of the picture stream (`h264`, `hevc`, …); for photos the format again.
    pub codec: String,
    /// Average frames a second (clips).
    pub rate: Option<Rate>,
    /// Frames stand at unequal distances (clips).
    pub variable_rate: bool,
    pub color: Color,
}

/// The colour tags of a stream, as ISO/IEC 23091-2 numbers them; 2 is "not said".
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Color {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub full_range: bool,
    /// Bits a sample.
    pub depth: u8,
}

/// One of the eight ways of turning and mirroring, numbered as EXIF 2.3 does (tag 0x0112):
/// 1 upright, 2 mirrored left to right, 3 turned by 180°, 4 mirrored top to bottom,
/// 5 mirrored at the main diagonal, 6 to be turned right by 90°, 7 mirrored at the other
/// diagonal, 8 to be turned left by 90°.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Orientation(u8);

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// The orientation of an EXIF number; unknown numbers are upright.
    pub fn from_exif(number: u32) -> Self {
        if (1..=8).contains(&number) { Self(number as u8) } else { Self::UPRIGHT }
    }

    /// The number, 1..=8.
    pub fn exif(self) -> u8 {
        self.0
    }

    /// This turning and then another.
    pub fn then(self, next: Self) -> Self {
        let ((mirrored, quarters), (again, more)) = (self.steps(), next.steps());
        // What is mirrored afterwards turns the other way.
        let quarters = if again { more + 4 - quarters } else { more + quarters };
        let numbers = if mirrored == again { [1, 6, 3, 8] } else { [2, 7, 4, 5] };
        Self(numbers[quarters % 4])
    }

    /// The turning that takes this one back.
    pub fn inverse(self) -> Self {
        match self.0 {
            6 => Self(8),
            8 => Self(6),
            _ => self,
        }
    }

    /// Whether it mirrors left to right, and by how many quarters it then turns to the right.
    fn steps(self) -> (bool, usize) {
        match self.0 {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        }
    }

    /// Whether width and height change places.
    pub fn is_sideways(self) -> bool {
        self.0 >= 5
    }
}

/// The sound stream that is used.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundStream {
    pub codec: String,
    pub sample_rate_hz: u32,
    pub channels: u32,
}

/// When a medium was taken, by the camera's clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CaptureTime {
    /// Seconds since 1970-01-01T00:00:00 of the camera's wall clock.
    pub local_s: i64,
    /// Minutes that the wall clock was ahead of UTC, if the file says so.
    pub offset_min: Option<i16>,
}

impl CaptureTime {
    /// Seconds since the epoch, in UTC; where the zone is not said, the wall clock is taken as
    /// standing `zone_min` minutes ahead of UTC.
    pub fn utc_s(self, zone_min: i16) -> i64 {
        self.local_s - i64::from(self.offset_min.unwrap_or(zone_min)) * 60
    }
}

/// Where a medium was taken: WGS 84 degrees times 10,000,000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct GeoPlace {
    pub lat_e7: i32,
    pub lon_e7: i32,
}
