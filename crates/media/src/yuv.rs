use std::fmt;

use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;

use super::scale::Side;
use super::turn::turn;
use mmm_facts::Orientation;

/// An upright picture in the movie's own samples: BT.709, limited range, planar 4:2:0 with left-sited chroma,
/// rows without padding.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Yuv420 {
    /// Even.
    pub width: u32,
    /// Even.
    pub height: u32,
    /// `width * height` samples, 16 (black) to 235 (white).
    pub y: Vec<u8>,
    /// Blue difference, a quarter as many samples; 128 is neutral.
    pub u: Vec<u8>,
    /// Red difference, likewise.
    pub v: Vec<u8>,
}

/// Prints only the size: samples say nothing to a reader of logs.
impl fmt::Debug for Yuv420 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Yuv420({}x{})", self.width, self.height)
    }
}

impl Yuv420 {
    pub(super) fn side(width: u32, height: u32) -> Side {
        Side { format: Pixel::YUV420P, width, height, matrix: 1, full_range: false }
    }

    /// Sets the size; both sides must be even. The samples are unspecified after a change of size.
    pub fn shape(&mut self, (width, height): (u32, u32)) {
        let luma = width as usize * height as usize;
        (self.width, self.height) = (width, height);
        self.y.resize(luma, 0);
        self.u.resize(luma / 4, 0);
        self.v.resize(luma / 4, 0);
    }

    /// Copies another picture into this one, reusing its memory.
    pub fn copy_from(&mut self, other: &Self) {
        (self.width, self.height) = (other.width, other.height);
        self.y.clone_from(&other.y);
        self.u.clone_from(&other.u);
        self.v.clone_from(&other.v);
    }

    /// Copies a part of a frame in the movie's own samples: it begins at `corner` (both even) and has size
    /// `size`.
    pub(super) fn read(&mut self, frame: &frame::Video, corner: (u32, u32), size: (u32, u32)) {
        self.shape(size);
        let [x, y, width] = [corner.0, corner.1, size.0].map(|pixels| pixels as usize);
        for (plane, (samples, step)) in
            [(&mut self.y, 1), (&mut self.u, 2), (&mut self.v, 2)].into_iter().enumerate()
        {
            let (x, row) = (x / step, width / step);
            let lines = frame.data(plane).chunks(frame.stride(plane)).skip(y / step);
            for (to, from) in samples.chunks_exact_mut(row).zip(lines) {
                to.copy_from_slice(&from[x..x + row]);
            }
        }
    }

    pub(super) fn from_frame(frame: &frame::Video) -> Self {
        let mut picture = Self::default();
        picture.read(frame, (0, 0), (frame.width(), frame.height()));
        picture
    }

    /// Returns the stored picture rotated upright.
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
