use serde::{Deserialize, Serialize};

use mmm_base::{CaptureTime, Rate, Time};

/// The kind of a file, by its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    Photo,
    Clip,
    /// Sound without video; cover art does not count.
    Music,
}

/// What the headers of a file say, read without decoding it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Probe {
    pub kind: MediaKind,
    /// `jpeg`, `png`, `webp`, … for photos; the container's short name for clips and music.
    pub format: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    pub picture: Option<PictureStream>,
    pub sound: Option<SoundStream>,
    /// Length of clips and music; `None` for photos.
    pub duration: Option<Time>,
    pub taken: Option<CaptureTime>,
    pub place: Option<GeoPlace>,
    /// Make and model of the camera, as the file names them.
    pub camera: Option<String>,
    /// The container's comment. For a photo, only our own mark.
    pub comment: Option<String>,
}

/// The picture as displayed: upright, with square pixels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PictureStream {
    /// Width as displayed, in pixels.
    pub width: u32,
    /// Height as displayed, in pixels.
    pub height: u32,
    /// How the stored picture is turned into the displayed one.
    pub orientation: Orientation,
    /// Codec of the picture stream (`h264`, `hevc`, …); for photos, the format.
    pub codec: String,
    /// Average frames per second (clips).
    pub rate: Option<Rate>,
    /// Whether frames are unevenly spaced in time (clips).
    pub variable_rate: bool,
    pub color: Color,
}

/// The colour tags of a stream, as numbered by ISO/IEC 23091-2; 2 means unspecified.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Color {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub full_range: bool,
    /// Bits per sample.
    pub depth: u8,
}

/// One of the eight rotations and reflections, numbered as in EXIF 2.3 (tag 0x0112): 1 upright, 2 mirrored
/// left to right, 3 rotated by 180°, 4 mirrored top to bottom, 5 mirrored across the main diagonal, 6 to be
/// rotated right by 90°, 7 mirrored across the other diagonal, 8 to be rotated left by 90°.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Orientation(u8);

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// Returns the orientation of an EXIF number; unknown numbers mean upright.
    pub fn from_exif(number: u32) -> Self {
        if (1..=8).contains(&number) { Self(number as u8) } else { Self::UPRIGHT }
    }

    /// Returns the EXIF number, 1..=8.
    pub fn exif(self) -> u8 {
        self.0
    }

    /// Returns this orientation followed by `next`.
    pub fn then(self, next: Self) -> Self {
        let ((mirrored, quarters), (again, more)) = (self.steps(), next.steps());
        // A later reflection reverses the direction of the earlier rotation.
        let quarters = if again { more + 4 - quarters } else { more + quarters };
        let numbers = if mirrored == again { [1, 6, 3, 8] } else { [2, 7, 4, 5] };
        Self(numbers[quarters % 4])
    }

    /// Returns the orientation that undoes this one.
    pub fn inverse(self) -> Self {
        match self.0 {
            6 => Self(8),
            8 => Self(6),
            _ => self,
        }
    }

    /// Returns whether it mirrors left to right, and how many quarter turns to the right follow.
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

    /// Whether width and height are swapped.
    pub fn is_sideways(self) -> bool {
        self.0 >= 5
    }
}

/// The sound stream that `mmm` uses.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundStream {
    pub codec: String,
    pub sample_rate_hz: u32,
    pub channels: u32,
}

/// Where a medium was taken: WGS 84 degrees times 10,000,000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct GeoPlace {
    pub lat_e7: i32,
    pub lon_e7: i32,
}
