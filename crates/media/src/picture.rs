use std::fmt;

use ffmpeg_next::frame;

use super::Yuv420;
use super::scale::{Filter, Scale, Side};
use mmm_facts::MediaError;

/// An upright picture of 8-bit sRGB samples, three bytes per pixel, rows without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbPicture {
    pub width: u32,
    pub height: u32,
    /// `width * height * 3` bytes, top row first.
    pub pixels: Vec<u8>,
}

/// Prints only the size: samples say nothing to a reader of logs.
impl fmt::Debug for RgbPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RgbPicture({}x{})", self.width, self.height)
    }
}

impl RgbPicture {
    /// Converts the picture to the movie's samples: BT.709, limited range, 4:2:0 with left-sited chroma.
    ///
    /// Drops an odd last column or row, because chroma covers pairs of pixels.
    ///
    /// # Errors
    /// If the picture is less than two pixels wide or high.
    pub fn to_yuv420(&self) -> Result<Yuv420, MediaError> {
        let (width, height) = (self.width & !1, self.height & !1);
        if width == 0 || height == 0 {
            return Err(MediaError::unsupported("pictures of one pixel are not shown"));
        }
        Scale::new(Side::rgb((width, height)), Yuv420::side(width, height), Filter::Bicubic)?
            .run_packed(&self.pixels, self.width as usize * 3)
            .map(|frame| Yuv420::from_frame(frame))
    }

    /// Scales the picture to another size; each new pixel is the mean of the area it covers.
    ///
    /// # Errors
    /// If a side is zero or memory runs out.
    pub fn resized(&self, width: u32, height: u32) -> Result<Self, MediaError> {
        let (from, to) = (Side::rgb((self.width, self.height)), Side::rgb((width, height)));
        Scale::new(from, to, Filter::Area)?
            .run_packed(&self.pixels, self.width as usize * 3)
            .map(|frame| Self::from_frame(frame))
    }

    pub(super) fn from_frame(frame: &frame::Video) -> Self {
        let (width, height) = (frame.width(), frame.height());
        let pixels = packed(frame, 0, width as usize * 3, height as usize);
        Self { width, height, pixels }
    }
}

/// Returns the rows of a plane without the padding between them.
pub(super) fn packed(frame: &frame::Video, plane: usize, row: usize, rows: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(row * rows);
    for line in frame.data(plane).chunks(frame.stride(plane)).take(rows) {
        bytes.extend_from_slice(&line[..row]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::scale::blank;
    use super::*;
    use ffmpeg_next::format::Pixel;

    fn plain(width: u32, height: u32, color: [u8; 3]) -> RgbPicture {
        RgbPicture { width, height, pixels: color.repeat((width * height) as usize) }
    }

    /// BT.709-6, items 3.2 to 3.4, quantised to 8 bits according to item 4.6.
    fn bt709([r, g, b]: [u8; 3]) -> [f64; 3] {
        let [r, g, b] = [r, g, b].map(|sample| f64::from(sample) / 255.0);
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let chroma = |part: f64, most: f64| 128.0 + 224.0 * (part - luma) / most;
        [16.0 + 219.0 * luma, chroma(b, 1.8556), chroma(r, 1.5748)]
    }

    #[test]
    fn colours_become_what_bt709_says() {
        for color in [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 0],
            [0, 255, 0],
            [0, 0, 255],
            [128, 128, 128],
            [200, 150, 90],
            [12, 200, 240],
        ] {
            let yuv = plain(32, 16, color).to_yuv420().unwrap();
            let middle = |plane: &[u8], width: usize| f64::from(plane[plane.len() / 2 + width / 2]);
            let found = [middle(&yuv.y, 32), middle(&yuv.u, 16), middle(&yuv.v, 16)];
            for (found, wanted) in found.into_iter().zip(bt709(color)) {
                assert!((found - wanted).abs() <= 1.0, "{color:?}: {found} instead of {wanted}");
            }
        }
    }

    /// A step from red to blue between two columns: a chroma sample on the left column of its pair weighs the
    /// two sides of an edge unequally; a sample in the middle wouldn't.
    #[test]
    fn chroma_lies_on_the_left_column() {
        let mut picture = plain(32, 8, [0, 0, 0]);
        for (at, pixel) in picture.pixels.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(if at % 32 < 16 { &[0, 0, 255] } else { &[255, 0, 0] });
        }
        let yuv = picture.to_yuv420().unwrap();
        let row = &yuv.u[2 * 16..3 * 16];
        let (blue, red) = (f64::from(row[2]), f64::from(row[13]));
        let share = (f64::from(row[8]) - red) / (blue - red);
        assert!((0.1..0.4).contains(&share), "{row:?}");
        assert_eq!(row[6], row[2], "{row:?}");
    }

    /// Bands have no seams: a picture of several is what libswscale makes of a frame with the whole picture.
    #[test]
    fn a_tall_picture_has_no_seams() {
        let (width, height) = (31, 301);
        let pixels = (0..width * height * 3).map(|at: u32| (at * 7 + at / 93 * 5) as u8).collect();
        let picture = RgbPicture { width, height, pixels };
        let mut frame = blank(Pixel::RGB24, width, height).unwrap();
        let stride = frame.stride(0);
        for (to, from) in frame.data_mut(0).chunks_mut(stride).zip(picture.pixels.chunks(93)) {
            to[..93].copy_from_slice(from);
        }
        let whole = Scale::new(Side::rgb((30, 300)), Yuv420::side(30, 300), Filter::Bicubic)
            .and_then(|mut scale| scale.run(&frame, (0, 0)).map(|frame| Yuv420::from_frame(frame)));
        assert!(picture.to_yuv420().unwrap() == whole.unwrap());
        let small = Scale::new(Side::rgb((width, height)), Side::rgb((7, 75)), Filter::Area)
            .and_then(|mut scale| scale.run(&frame, (0, 0)).map(|frame| RgbPicture::from_frame(frame)));
        assert!(picture.resized(7, 75).unwrap() == small.unwrap());
    }

    #[test]
    fn odd_edges_are_dropped() {
        let yuv = plain(7, 5, [9, 9, 9]).to_yuv420().unwrap();
        assert_eq!((yuv.width, yuv.height, yuv.y.len(), yuv.u.len()), (6, 4, 24, 6));
        assert!(plain(1, 5, [9, 9, 9]).to_yuv420().is_err());
    }

    #[test]
    fn a_smaller_picture_keeps_the_mean() {
        let mut picture = plain(64, 64, [0, 0, 0]);
        for (at, pixel) in picture.pixels.chunks_exact_mut(3).enumerate() {
            pixel.fill(if at % 2 == 0 { 40 } else { 80 });
        }
        let small = picture.resized(16, 16).unwrap();
        assert!(small.pixels.iter().all(|&sample| sample.abs_diff(60) <= 1));
    }
}
