use ffmpeg_next::color::{Range, Space};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;

use super::super::colour::{Cube, Grade};
use super::super::scale::{Filter, Scale, Side, chroma_steps};
use super::super::turn::{stored_point, turn};
use super::super::{MediaError, RgbPicture, Yuv420};
use super::ClipFrame;

/// A part of a picture as shown, in its pixels; the whole picture of 1920 by 1080 is
/// `Crop { x: 0, y: 0, width: 1920, height: 1080 }`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crop {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Turns frames of clips into the movie's samples, or into small pictures to look at.
///
/// Keeps its tables from frame to frame as long as frames and sizes stay alike.
#[derive(Debug, Default)]
pub struct ClipScaler {
    movie: Option<Scale>,
    small: Option<Scale>,
    /// From the colours of the source to the movie's, and from those to the movie's samples.
    cube: Option<(Grade, Cube)>,
    graded: Option<Scale>,
}

impl ClipScaler {
    /// The part `crop` of a frame, upright, `size` pixels wide and high (both even), as BT.709.
    ///
    /// A crop that reaches over the edge ends at the edge. Its corners are moved to the nearest
    /// whole chroma samples of the stored frame.
    ///
    /// # Errors
    /// When the size is odd or zero, or libav cannot convert the frame's format.
    pub fn to_yuv420(
        &mut self,
        frame: &ClipFrame,
        crop: Crop,
        size: (u32, u32),
    ) -> Result<Yuv420, MediaError> {
        if size.0 == 0 || size.1 == 0 || size.0 % 2 == 1 || size.1 % 2 == 1 {
            return Err(MediaError::unsupported("a frame's size must be even"));
        }
        let orientation = frame.orientation();
        let part = stored_part(frame, crop);
        let stored = if orientation.is_sideways() { (size.1, size.0) } else { size };
        let from = Side { width: part.width, height: part.height, ..side(&frame.frame) };
        let to = Yuv420::side(stored.0, stored.1);
        let corner = (part.x, part.y);
        let scaled = match Grade::of(&frame.frame) {
            None => Scale::reuse(&mut self.movie, from, to, Filter::Bicubic)?.run(&frame.frame, corner)?,
            Some(grade) => {
                let deep = Side::deep_rgb(stored);
                let mut wide =
                    Scale::reuse(&mut self.movie, from, deep, Filter::Bicubic)?.run(&frame.frame, corner)?;
                self.grade(grade, &mut wide);
                Scale::reuse(&mut self.graded, deep, to, Filter::Bicubic)?.run(&wide, (0, 0))?
            }
        };
        Ok(Yuv420::from_frame(&scaled).turned(orientation))
    }

    /// Turns the colours of a frame of deep RGB into the movie's.
    fn grade(&mut self, grade: Grade, frame: &mut frame::Video) {
        if self.cube.as_ref().is_none_or(|(made_for, _)| *made_for != grade) {
            self.cube = Some((grade, grade.cube()));
        }
        if let Some((_, cube)) = &self.cube {
            cube.apply_to_frame(frame);
        }
    }

    /// The whole frame, upright, reduced so that its longer side is at most `most_side` pixels.
    ///
    /// # Errors
    /// When libav cannot convert the frame's format.
    pub fn to_small_rgb(&mut self, frame: &ClipFrame, most_side: u32) -> Result<RgbPicture, MediaError> {
        let shown = frame.shown_size();
        let longer = shown.0.max(shown.1);
        let to = |len: u32| match longer > most_side {
            true => (u64::from(len) * u64::from(most_side)).div_ceil(u64::from(longer)).max(1) as u32,
            false => len.max(1),
        };
        let (width, height) = (to(shown.0), to(shown.1));
        let orientation = frame.orientation();
        let stored = if orientation.is_sideways() { (height, width) } else { (width, height) };
        let target = Side::rgb(stored);
        let small = match Grade::of(&frame.frame) {
            None => Scale::reuse(&mut self.small, side(&frame.frame), target, Filter::Area)?
                .run(&frame.frame, (0, 0))?,
            Some(grade) => {
                let deep = Side::deep_rgb(stored);
                let mut wide = Scale::reuse(&mut self.small, side(&frame.frame), deep, Filter::Area)?
                    .run(&frame.frame, (0, 0))?;
                self.grade(grade, &mut wide);
                Scale::reuse(&mut self.graded, deep, target, Filter::Area)?.run(&wide, (0, 0))?
            }
        };
        let small = RgbPicture::from_frame(&small);
        let pixels = turn::<3>(small.pixels, (stored.0 as usize, stored.1 as usize), orientation);
        Ok(RgbPicture { width, height, pixels })
    }
}

/// The stored pixels that a crop of the shown picture covers, to whole chroma samples.
fn stored_part(frame: &ClipFrame, crop: Crop) -> Crop {
    let (shown, stored) = (frame.shown_size(), (frame.frame.width(), frame.frame.height()));
    let point = |x: u32, y: u32| {
        let of = |at: u32, len: u32| (f64::from(at) / f64::from(len)).min(1.0);
        stored_point((of(x, shown.0), of(y, shown.1)), frame.orientation())
    };
    let corner = point(crop.x, crop.y);
    let opposite = point(crop.x.saturating_add(crop.width), crop.y.saturating_add(crop.height));
    let steps = chroma_steps(frame.frame.format());
    let (x, width) = span(corner.0, opposite.0, stored.0, 1 << steps.0);
    let (y, height) = span(corner.1, opposite.1, stored.1, 1 << steps.1);
    Crop { x, y, width, height }
}

/// Start and length in pixels between two places from 0 to 1 on a side of `len` pixels, both
/// moved to multiples of `step` and at least one step apart.
fn span(one: f64, other: f64, len: u32, step: u32) -> (u32, u32) {
    let place = |at: f64| (at * f64::from(len) / f64::from(step)).round() as u32 * step;
    let last = len.saturating_sub(1) / step * step;
    let start = place(one.min(other)).min(last);
    let end = place(one.max(other)).max(start + step).min(len);
    (start, end - start)
}

/// What swscale has to know of a frame. Where a file does not name its matrix, small pictures
/// are BT.601 and large ones BT.709, as every player takes it.
fn side(frame: &frame::Video) -> Side {
    let format = frame.format();
    let matrix = match frame.color_space() {
        Space::BT709 => 1,
        Space::FCC => 4,
        Space::BT470BG | Space::SMPTE170M => 5,
        Space::SMPTE240M => 7,
        Space::BT2020NCL | Space::BT2020CL => 9,
        _ if frame.width() >= 1280 || frame.height() > 576 => 1,
        _ => 5,
    };
    let old_full = [Pixel::YUVJ420P, Pixel::YUVJ422P, Pixel::YUVJ444P, Pixel::YUVJ440P, Pixel::YUVJ411P];
    let full_range = frame.color_range() == Range::JPEG || old_full.contains(&format);
    Side { format, width: frame.width(), height: frame.height(), matrix, full_range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_keep_to_chroma_samples_and_inside() {
        assert_eq!(span(0.0, 1.0, 1279, 2), (0, 1279));
        assert_eq!(span(0.25, 0.75, 100, 2), (26, 50));
        assert_eq!(span(0.75, 0.25, 100, 2), (26, 50));
        assert_eq!(span(1.0, 1.0, 100, 2), (98, 2));
        assert_eq!(span(0.5, 0.5, 1, 2), (0, 1));
    }
}
