use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::RenderError;
use crate::media::Yuv420;

/// A rectangle in pixels of a picture, at its exact place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Spot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Resamples parts of pictures at their exact places, so that nothing moves by whole pixels: Catmull-Rom,
/// widened where the picture is reduced, so that nothing shimmers.
pub(super) struct Resampler {
    resizer: Resizer,
    options: ResizeOptions,
}

impl Default for Resampler {
    fn default() -> Self {
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Self { resizer: Resizer::new(), options }
    }
}

impl Resampler {
    /// What is at `spot` of `picture`, `size` pixels large (both even).
    pub(super) fn part(
        &mut self,
        picture: &Yuv420,
        spot: Spot,
        size: (u32, u32),
    ) -> Result<Yuv420, RenderError> {
        let (width, height) = size;
        let (whole, half) = ((picture.width, picture.height), (picture.width / 2, picture.height / 2));
        let small = chroma(spot, width);
        let y = self.plane(&picture.y, whole, spot, size)?;
        let u = self.plane(&picture.u, half, small, (width / 2, height / 2))?;
        let v = self.plane(&picture.v, half, small, (width / 2, height / 2))?;
        Ok(Yuv420 { width, height, y, u, v })
    }

    fn plane(
        &mut self,
        pixels: &[u8],
        (width, height): (u32, u32),
        spot: Spot,
        size: (u32, u32),
    ) -> Result<Vec<u8>, RenderError> {
        let failed = |error: &dyn std::fmt::Display| RenderError::Encoder(error.to_string());
        let (most_x, most_y) = (f64::from(width), f64::from(height));
        let (wide, high) = (spot.width.min(most_x), spot.height.min(most_y));
        let (x, y) = (spot.x.clamp(0.0, most_x - wide), spot.y.clamp(0.0, most_y - high));
        // At the far edges the last bit of a sum must not reach over.
        let options = self.options.crop(x, y, wide.min(most_x - x), high.min(most_y - y));
        let source = ImageRef::new(width, height, pixels, PixelType::U8).map_err(|e| failed(&e))?;
        let mut part = Image::new(size.0, size.1, PixelType::U8);
        self.resizer.resize(&source, &mut part, &options).map_err(|e| failed(&e))?;
        Ok(part.into_vec())
    }
}

/// The same place on a chroma plane: half the size, and set off by the samples' place, which is
/// on the left one of two luma samples and between the rows (as MPEG-2 has it). `width` is that of the
/// result in luma samples.
fn chroma(spot: Spot, width: u32) -> Spot {
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

    /// A picture whose luma and chroma rise evenly from left to right.
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
            assert!(resampler.part(&ramp(), spot, (40, 10)).is_ok(), "{spot:?}");
        }
    }

    #[test]
    fn a_part_is_taken_from_between_the_pixels() {
        let mut resampler = Resampler::default();
        for x in [30.0, 30.25, 30.5, 30.75, 31.0] {
            let spot = Spot { x, y: 4.0, width: 40.0, height: 10.0 };
            let part = resampler.part(&ramp(), spot, (40, 10)).unwrap();
            // The middle of pixel 10 is 10.5 pixels from the left of the part; a sample of 2 a pixel.
            let wanted = 2.0 * (x + 10.0);
            assert!(
                (f64::from(part.y[5 * 40 + 10]) - wanted).abs() <= 0.51,
                "{} at {x}",
                part.y[5 * 40 + 10]
            );
            // Chroma 5 lies where luma 10 does.
            assert!((f64::from(part.u[2 * 20 + 5]) - wanted).abs() <= 0.51, "{} at {x}", part.u[2 * 20 + 5]);
        }
    }
}
