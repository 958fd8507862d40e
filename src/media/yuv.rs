use std::fmt;

use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;

use super::Orientation;
use super::picture::packed;
use super::scale::Side;
use super::turn::turn;

/// An upright picture in the movie's own samples: BT.709, limited range, planar 4:2:0 with
/// chroma on the left column, rows without gaps.
#[derive(Clone, PartialEq, Eq)]
pub struct Yuv420 {
    /// Even.
    pub width: u32,
    /// Even.
    pub height: u32,
    /// `width * height` samples, 16 black … 235 white.
    pub y: Vec<u8>,
    /// Blue difference, a quarter as many samples; 128 is none.
    pub u: Vec<u8>,
    /// Red difference, likewise.
    pub v: Vec<u8>,
}

/// The size alone: samples tell a reader of logs nothing.
impl fmt::Debug for Yuv420 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Yuv420({}x{})", self.width, self.height)
    }
}

impl Yuv420 {
    pub(super) fn side(width: u32, height: u32) -> Side {
        Side { format: Pixel::YUV420P, width, height, matrix: 1, full_range: false }
    }

    pub(super) fn from_frame(frame: &frame::Video) -> Self {
        let (width, height) = (frame.width(), frame.height());
        let (wide, high) = (width as usize, height as usize);
        let chroma = |plane| packed(frame, plane, wide / 2, high / 2);
        Self { width, height, y: packed(frame, 0, wide, high), u: chroma(1), v: chroma(2) }
    }

    /// The stored picture turned upright.
    pub(super) fn turned(self, orientation: Orientation) -> Self {
        let size = (self.width as usize, self.height as usize);
        let half = (size.0 / 2, size.1 / 2);
        let sideways = orientation.is_sideways();
        Self {
            width: if sideways { self.height } else { self.width },
            height: if sideways { self.width } else { self.height },
            y: turn::<1>(self.y, size, orientation),
            u: turn::<1>(self.u, half, orientation),
            v: turn::<1>(self.v, half, orientation),
        }
    }
}
