use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::RenderError;
use crate::media::Yuv420;
use crate::timeline::{Canvas, Move, PhotoView, Window};

/// The frames of a photo: a window that moves over its plate.
pub(super) struct PhotoFrames {
    plate: Yuv420,
    view: PhotoView,
    canvas: Canvas,
    resizer: Resizer,
    options: ResizeOptions,
}

/// A window in pixels of the plate.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl PhotoFrames {
    pub(super) fn new(plate: Yuv420, view: PhotoView, canvas: Canvas) -> Self {
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Self { plate, view, canvas, resizer: Resizer::new(), options }
    }

    /// Frame `index` of the view. The picture is resampled at the window's exact place, so that
    /// it never moves by whole pixels.
    pub(super) fn frame(&mut self, index: u32) -> Result<Yuv420, RenderError> {
        let place = self.place(progress(self.view.first + index, self.view.length));
        let (width, height) = (self.canvas.width, self.canvas.height);
        let y = self.plane(Plane::Luma, place, (width, height))?;
        let u = self.plane(Plane::Cb, place, (width / 2, height / 2))?;
        let v = self.plane(Plane::Cr, place, (width / 2, height / 2))?;
        Ok(Yuv420 { width, height, y, u, v })
    }

    fn place(&self, progress: f64) -> Place {
        let Move { from, to } = self.view.motion;
        let at = |part: fn(Window) -> i32, pixels: u32| {
            let (from, to) = (f64::from(part(from)), f64::from(part(to)));
            (from + (to - from) * progress) / f64::from(Window::UNIT) * f64::from(pixels)
        };
        let (width, height) = (self.plate.width, self.plate.height);
        Place {
            x: at(|w| w.x, width),
            y: at(|w| w.y, height),
            width: at(|w| w.width, width),
            height: at(|w| w.height, height),
        }
    }

    fn plane(&mut self, plane: Plane, place: Place, size: (u32, u32)) -> Result<Vec<u8>, RenderError> {
        let failed = |error: &dyn std::fmt::Display| RenderError::Encoder(error.to_string());
        let (pixels, width, height, place) = match plane {
            Plane::Luma => (&self.plate.y, self.plate.width, self.plate.height, place),
            Plane::Cb => self.chroma(&self.plate.u, place),
            Plane::Cr => self.chroma(&self.plate.v, place),
        };
        let x = place.x.clamp(0.0, f64::from(width) - place.width.min(f64::from(width)));
        let y = place.y.clamp(0.0, f64::from(height) - place.height.min(f64::from(height)));
        let options =
            self.options.crop(x, y, place.width.min(f64::from(width)), place.height.min(f64::from(height)));
        let source = ImageRef::new(width, height, pixels, PixelType::U8).map_err(|e| failed(&e))?;
        let mut frame = Image::new(size.0, size.1, PixelType::U8);
        self.resizer.resize(&source, &mut frame, &options).map_err(|e| failed(&e))?;
        Ok(frame.into_vec())
    }

    /// The window over a chroma plane: half the size, and set off by the samples' place, which is
    /// on the left one of two luma samples and between the rows (as MPEG-2 has it).
    fn chroma<'a>(&self, pixels: &'a Vec<u8>, place: Place) -> (&'a Vec<u8>, u32, u32, Place) {
        let scale = place.width / f64::from(self.canvas.width);
        let half = Place {
            x: place.x / 2.0 + 0.25 * (1.0 - scale),
            y: place.y / 2.0,
            width: place.width / 2.0,
            height: place.height / 2.0,
        };
        (pixels, self.plate.width / 2, self.plate.height / 2, half)
    }
}

#[derive(Clone, Copy)]
enum Plane {
    Luma,
    Cb,
    Cr,
}

/// How far a move has come at frame `frame` of `length`: the speed rises evenly up to the middle
/// and falls evenly after it, which is the least change of speed that starts and ends at rest.
fn progress(frame: u32, length: u32) -> f64 {
    if length < 2 {
        return 0.0;
    }
    let t = f64::from(frame.min(length - 1)) / f64::from(length - 1);
    if t < 0.5 { 2.0 * t * t } else { 1.0 - 2.0 * (1.0 - t) * (1.0 - t) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_eased_and_even() {
        assert_eq!((progress(0, 61), progress(30, 61), progress(60, 61)), (0.0, 0.5, 1.0));
        let at: Vec<f64> = (0..61).map(|frame| progress(frame, 61)).collect();
        let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 4.0 / 3600.0 + 1e-9));
    }
}
