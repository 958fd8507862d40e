use ffmpeg_next::color::{Range, Space};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;

use super::super::colour::{Cube, Grade};
use super::super::scale::{Filter, Scale, Side, chroma_steps};
use super::super::turn::{stored_point, turn};
use super::super::{RgbPicture, Yuv420};
use super::ClipFrame;
use mmm_facts::{MediaError, Orientation};

/// A part of a picture as shown, in pixels; the whole picture of 1920 by 1080 is
/// `Crop { x: 0, y: 0, width: 1920, height: 1080 }`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crop {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// A part of a picture as shown, as fractions of its width and height.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Part {
    /// Returns the part between the images of two opposite corners under `place`.
    fn mapped(self, place: impl Fn((f64, f64)) -> (f64, f64)) -> Self {
        let (one, other) = (place((self.x, self.y)), place((self.x + self.width, self.y + self.height)));
        Self {
            x: one.0.min(other.0),
            y: one.1.min(other.1),
            width: (one.0 - other.0).abs(),
            height: (one.1 - other.1).abs(),
        }
    }
}

/// Pixels on each side of a part that its resampling may read.
const MARGIN_PX: f64 = 8.0;

/// Converts frames of clips into the movie's samples, or into small pictures for analysis.
///
/// Reuses its tables from frame to frame as long as formats and sizes stay the same.
#[derive(Default)]
pub struct ClipScaler {
    /// Whether much smaller pictures are made by averaging.
    quick: bool,
    movie: Option<Scale>,
    small: Option<Scale>,
    /// From the source's colours to the movie's, and then to the movie's samples.
    cube: Option<(Grade, Cube)>,
    graded: Option<Scale>,
}

impl ClipScaler {
    /// Returns a scaler for drafts: it averages the samples that become one where it reduces pictures to half
    /// or less. From 4K to 540 lines that takes a third of the time of the default, whose kernel spans more
    /// samples the more it reduces.
    pub fn for_drafts() -> Self {
        Self { quick: true, ..Self::default() }
    }

    /// Writes the part `crop` of a frame into `to`: upright, `size` pixels wide and high (both even), as
    /// BT.709.
    ///
    /// A crop that extends beyond the edge ends at the edge. Its corners are moved to the nearest whole
    /// chroma samples of the stored frame.
    ///
    /// # Errors
    /// If the size is odd or zero, or libav can't convert the frame's format.
    pub fn to_yuv420(
        &mut self,
        frame: &ClipFrame,
        crop: Crop,
        size: (u32, u32),
        to: &mut Yuv420,
    ) -> Result<(), MediaError> {
        if size.0 == 0 || size.1 == 0 || size.0 % 2 == 1 || size.1 % 2 == 1 {
            return Err(MediaError::unsupported("a frame's size must be even"));
        }
        let stored = if frame.orientation().is_sideways() { (size.1, size.0) } else { size };
        self.convert(frame, stored_part(frame, crop), stored, to)
    }

    /// Writes the pixels around a part of a frame into `picture`, upright and unscaled, as BT.709, so that
    /// the exact part can be resampled from them. Parts of the same size give pictures of the same size,
    /// wherever they are. Returns which part of the frame the pixels cover.
    ///
    /// # Errors
    /// If the frame is less than two pixels wide or high, or libav can't convert its format.
    pub fn strip(&mut self, frame: &ClipFrame, part: Part, picture: &mut Yuv420) -> Result<Part, MediaError> {
        let orientation = frame.orientation();
        let stored = part.mapped(|point| stored_point(point, orientation));
        let steps = chroma_steps(frame.frame.format());
        let (wide, high) = (frame.frame.width(), frame.frame.height());
        let (x, width) = stretch(stored.x, stored.width, wide, 1 << steps.0);
        let (y, height) = stretch(stored.y, stored.height, high, 1 << steps.1);
        if width == 0 || height == 0 {
            return Err(MediaError::unsupported("clips of one pixel are not shown"));
        }
        self.convert(frame, Crop { x, y, width, height }, (width, height), picture)?;
        let of = |pixels: u32, all: u32| f64::from(pixels) / f64::from(all);
        let taken = Part { x: of(x, wide), y: of(y, high), width: of(width, wide), height: of(height, high) };
        // The rotation that turns a stored picture upright also applies to positions in it.
        Ok(taken.mapped(|point| stored_point(point, orientation.inverse())))
    }

    /// Converts stored pixels into `picture`, upright; `stored` is its size before the rotation.
    fn convert(
        &mut self,
        frame: &ClipFrame,
        part: Crop,
        stored: (u32, u32),
        picture: &mut Yuv420,
    ) -> Result<(), MediaError> {
        let orientation = frame.orientation();
        let from = Side { width: part.width, height: part.height, ..side(&frame.frame) };
        let to = Yuv420::side(stored.0, stored.1);
        let corner = (part.x, part.y);
        let is_halved = part.width >= 2 * stored.0 && part.height >= 2 * stored.1;
        let filter = if self.quick && is_halved { Filter::Area } else { Filter::Bicubic };
        let (source, corner) = match Grade::of(&frame.frame) {
            // Frames that already have the movie's samples are copied without conversion.
            None if from == to && is_top_down(&frame.frame) => (&frame.frame, corner),
            None => {
                let scale = Scale::reuse(&mut self.movie, from, to, filter)?;
                (&*scale.run(&frame.frame, corner)?, (0, 0))
            }
            Some(grade) => {
                let deep = Side::deep_rgb(stored);
                let wide = Scale::reuse(&mut self.movie, from, deep, filter)?;
                let wide = wide.run(&frame.frame, corner)?;
                apply(grade, &mut self.cube, wide);
                let scale = Scale::reuse(&mut self.graded, deep, to, filter)?;
                (&*scale.run(wide, (0, 0))?, (0, 0))
            }
        };
        picture.read(source, corner, stored);
        if orientation != Orientation::UPRIGHT {
            *picture = std::mem::take(picture).turned(orientation);
        }
        Ok(())
    }

    /// Returns the whole frame, upright, reduced so that its longer side is at most `most_side` pixels.
    ///
    /// # Errors
    /// If libav can't convert the frame's format.
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
                let wide = Scale::reuse(&mut self.small, side(&frame.frame), deep, Filter::Area)?
                    .run(&frame.frame, (0, 0))?;
                apply(grade, &mut self.cube, wide);
                Scale::reuse(&mut self.graded, deep, target, Filter::Area)?.run(wide, (0, 0))?
            }
        };
        let small = RgbPicture::from_frame(small);
        let pixels = turn::<3>(small.pixels, (stored.0 as usize, stored.1 as usize), orientation);
        Ok(RgbPicture { width, height, pixels })
    }
}

/// Whether the rows of a frame are stored from top to bottom; some raw video is stored the other way.
fn is_top_down(frame: &frame::Video) -> bool {
    // SAFETY: reads numbers of a live frame.
    let steps = unsafe { (*frame.as_ptr()).linesize };
    steps[..3].iter().all(|step| *step > 0)
}

/// Converts the colours of a 16-bit RGB frame to the movie's.
fn apply(grade: Grade, cube: &mut Option<(Grade, Cube)>, frame: &mut frame::Video) {
    let (_, cube) = match cube.take() {
        Some(known) if known.0 == grade => cube.insert(known),
        _ => cube.insert((grade, grade.cube())),
    };
    cube.apply_to_frame(frame);
}

/// Returns the stored pixels that a crop of the shown picture covers, in whole chroma samples.
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

/// Returns start and length in pixels of the span between two positions (0 to 1) on a side of `len` pixels.
/// Both ends are moved to multiples of `step` and are at least one step apart.
fn span(one: f64, other: f64, len: u32, step: u32) -> (u32, u32) {
    let place = |at: f64| (at * f64::from(len) / f64::from(step)).round() as u32 * step;
    let last = len.saturating_sub(1) / step * step;
    let start = place(one.min(other)).min(last);
    let end = place(one.max(other)).max(start + step).min(len);
    (start, end - start)
}

/// Returns start and length of an even number of pixels around a part of a side of `len` pixels. The start is
/// a multiple of `step`; the length depends only on the length of the part.
fn stretch(start: f64, length: f64, len: u32, step: u32) -> (u32, u32) {
    let (len, all) = (f64::from(len), len & !1);
    // Rounds to a hundredth of a pixel, so that floating-point noise doesn't change the count.
    let pixels = (length * len * 100.0).round() / 100.0;
    let count = ((pixels + 2.0 * MARGIN_PX).ceil() as u32 + step).next_multiple_of(2).min(all);
    let first = ((start * len - MARGIN_PX).max(0.0) as u32) / step * step;
    (first.min((all - count) / step * step), count)
}

/// Returns the frame's format as libswscale needs it. If a file doesn't name its matrix, small pictures are
/// BT.601 and large ones BT.709, as in every player.
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

    #[test]
    fn stretches_hold_their_part_and_are_of_one_length() {
        for start in (0..=683).map(|n| f64::from(n) / 1000.0) {
            let (first, count) = stretch(start, 0.3164, 1920, 2);
            assert_eq!((first % 2, count), (0, 626));
            let (from, to) = (start * 1920.0, (start + 0.3164) * 1920.0);
            assert!(f64::from(first) <= from && to <= f64::from(first + count), "{start}");
        }
        assert_eq!(stretch(0.0, 1.0, 1079, 2), (0, 1078));
        assert_eq!(stretch(0.0, 1.0, 1, 2), (0, 0));
    }
}
