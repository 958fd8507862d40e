use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::transpose::transpose;

use super::RenderError;
use mmm_media::Yuv420;

/// A rectangle in a picture, in fractional pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Spot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Resamples parts of pictures at their exact positions, so that nothing moves by whole pixels. The filter is
/// Catmull-Rom, widened for reduction, so that nothing shimmers.
///
/// Resampling along columns is many times faster than along rows, so pictures are transposed for the
/// horizontal pass.
pub(super) struct Resampler {
    resizer: Resizer,
    options: ResizeOptions,
    transposed: Transposed,
    /// A transposed plane after the horizontal pass, and the same plane upright.
    across: [Vec<u8>; 2],
}

impl Default for Resampler {
    fn default() -> Self {
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Self {
            resizer: Resizer::new(),
            options,
            transposed: Transposed::default(),
            across: Default::default(),
        }
    }
}

/// A transposed picture: its columns are stored as rows.
#[derive(Default)]
pub(super) struct Transposed(Yuv420);

impl Transposed {
    pub fn of(picture: &Yuv420) -> Self {
        let mut transposed = Self::default();
        transposed.lay(picture);
        transposed
    }

    fn lay(&mut self, picture: &Yuv420) {
        let (width, height) = (picture.width, picture.height);
        self.0.shape((height, width));
        let (wide, high) = (width as usize, height as usize);
        transpose(&picture.y, &mut self.0.y, wide, high);
        transpose(&picture.u, &mut self.0.u, wide / 2, high / 2);
        transpose(&picture.v, &mut self.0.v, wide / 2, high / 2);
    }

    /// Returns width and height of the upright picture.
    pub fn size(&self) -> (u32, u32) {
        (self.0.height, self.0.width)
    }
}

impl Resampler {
    /// Resamples the part of `picture` at `spot` into `to`, at `size` pixels (both even).
    pub(super) fn part(
        &mut self,
        picture: &Yuv420,
        spot: Spot,
        size: (u32, u32),
        to: &mut Yuv420,
    ) -> Result<(), RenderError> {
        let mut transposed = std::mem::take(&mut self.transposed);
        transposed.lay(picture);
        let made = self.part_of(&transposed, spot, size, to);
        self.transposed = transposed;
        made
    }

    /// Does the same for a transposed picture.
    pub(super) fn part_of(
        &mut self,
        transposed: &Transposed,
        spot: Spot,
        size: (u32, u32),
        to: &mut Yuv420,
    ) -> Result<(), RenderError> {
        to.shape(size);
        let (whole, half) = (transposed.size(), (transposed.0.height / 2, transposed.0.width / 2));
        let (small, half_size) = (chroma(spot, size), (size.0 / 2, size.1 / 2));
        self.plane((&transposed.0.y, whole), spot, (&mut to.y, size))?;
        self.plane((&transposed.0.u, half), small, (&mut to.u, half_size))?;
        self.plane((&transposed.0.v, half), small, (&mut to.v, half_size))
    }

    /// Resamples one plane; sizes are those of the upright planes.
    fn plane(
        &mut self,
        (transposed, (width, height)): (&[u8], (u32, u32)),
        spot: Spot,
        (to, size): (&mut [u8], (u32, u32)),
    ) -> Result<(), RenderError> {
        let (x, wide) = inside(spot.x, spot.width, width);
        let (y, high) = inside(spot.y, spot.height, height);
        let length = size.0 as usize * height as usize;
        let [across, upright] = self.across.each_mut().map(|plane| {
            // Chroma follows luma: what was large enough once is not cleared again.
            plane.resize(plane.len().max(length), 0);
            &mut plane[..length]
        });
        let mut mixed =
            |from: &[u8], (row, rows): (u32, u32), (start, length): (f64, f64), to: &mut [u8], out| {
                let options = self.options.crop(0.0, start, f64::from(row), length);
                let source = TypedImageRef::<U8>::from_buffer(row, rows, from).map_err(failed)?;
                let mut target = TypedImage::<U8>::from_buffer(row, out, to).map_err(failed)?;
                self.resizer.resize_typed(&source, &mut target, &options).map_err(failed)
            };
        mixed(transposed, (height, width), (x, wide), across, size.0)?;
        transpose(across, upright, height as usize, size.0 as usize);
        mixed(upright, (size.0, height), (y, high), to, size.1)
    }
}

/// Clips a span to a side of `side` pixels; returns its start and length.
fn inside(start: f64, length: f64, side: u32) -> (f64, f64) {
    let most = f64::from(side);
    let length = length.min(most);
    let start = start.clamp(0.0, most - length);
    // At the far edge, rounding must not exceed the side.
    (start, length.min(most - start))
}

fn failed(error: impl std::fmt::Display) -> RenderError {
    RenderError::Encoder(error.to_string())
}

/// Returns the same spot on a chroma plane: half the size, and offset by the chroma position, which is on the
/// left of two luma samples and between the rows (as in MPEG-2). `size` is that of the result in luma
/// samples.
fn chroma(spot: Spot, (width, _): (u32, u32)) -> Spot {
    let scale = spot.width / f64::from(width);
    Spot {
        x: spot.x / 2.0 + 0.25 * (1.0 - scale),
        y: spot.y / 2.0,
        width: spot.width / 2.0,
        height: spot.height / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a picture whose luma and chroma rise evenly from left to right.
    fn ramp() -> Yuv420 {
        let (width, height) = (120u32, 20u32);
        let row = |len: u32, step: u32, rows: u32| {
            (0..rows).flat_map(|_| (0..len).map(|x| (x * step) as u8)).collect::<Vec<u8>>()
        };
        Yuv420 { width, height, y: row(120, 2, 20), u: row(60, 4, 10), v: row(60, 4, 10) }
    }

    #[test]
    fn a_part_may_end_at_any_edge() {
        let mut resampler = Resampler::default();
        for wide in (1..400).map(|n| 120.0 * f64::from(n) / 401.0) {
            let spot = Spot { x: 120.0 - wide, y: 20.0 - wide / 6.0, width: wide, height: wide / 6.0 };
            assert!(resampler.part(&ramp(), spot, (40, 10), &mut Yuv420::default()).is_ok(), "{spot:?}");
        }
    }

    #[test]
    fn a_part_is_taken_from_between_the_pixels() {
        let mut resampler = Resampler::default();
        for x in [30.0, 30.25, 30.5, 30.75, 31.0] {
            let spot = Spot { x, y: 4.0, width: 40.0, height: 10.0 };
            let mut part = Yuv420::default();
            resampler.part(&ramp(), spot, (40, 10), &mut part).unwrap();
            // The centre of pixel 10 is 10.5 pixels from the left of the part; the ramp rises by 2 per pixel.
            let wanted = 2.0 * (x + 10.0);
            assert!(
                (f64::from(part.y[5 * 40 + 10]) - wanted).abs() <= 0.51,
                "{} at {x}",
                part.y[5 * 40 + 10]
            );
            // Chroma sample 5 is at the position of luma sample 10.
            assert!((f64::from(part.u[2 * 20 + 5]) - wanted).abs() <= 0.51, "{} at {x}", part.u[2 * 20 + 5]);
        }
    }
}
