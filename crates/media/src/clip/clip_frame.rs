use ffmpeg_next::frame;

use super::geometry::Geometry;
use mmm_base::Time;
use mmm_facts::Orientation;

/// A decoded frame and its time.
pub struct ClipFrame {
    /// Time from the start of the clip's picture: 0 is the first frame shown.
    pub time: Time,
    /// The frame as stored: not upright yet, in the stream's own format.
    pub frame: frame::Video,
    pub(super) geometry: Geometry,
}

impl ClipFrame {
    /// Returns the orientation that turns the frame upright.
    pub fn orientation(&self) -> Orientation {
        self.geometry.orientation
    }

    /// Returns width and height of the frame as shown: upright, with square pixels.
    pub fn shown_size(&self) -> (u32, u32) {
        self.geometry.shown(self.frame.width(), self.frame.height())
    }
}
