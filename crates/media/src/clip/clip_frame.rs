use ffmpeg_next::frame;

use super::geometry::Geometry;
use mmm_base::Time;
use mmm_facts::Orientation;

/// A decoded frame and when it is shown.
pub struct ClipFrame {
    /// From the start of the clip's picture: 0 is the first frame shown.
    pub time: Time,
    /// The frame as stored: not upright yet, in the stream's own format.
    pub frame: frame::Video,
    pub(super) geometry: Geometry,
}

impl ClipFrame {
    /// How the frame becomes upright.
    pub fn orientation(&self) -> Orientation {
        self.geometry.orientation
    }

    /// Width and height of the frame as shown: upright, with square pixels.
    pub fn shown_size(&self) -> (u32, u32) {
        self.geometry.shown(self.frame.width(), self.frame.height())
    }
}
