use super::RenderError;
use super::resample::{Resampler, Spot, Transposed};
use mmm_facts::{Canvas, Move, PhotoView, Window};
use mmm_media::Yuv420;

/// The frames of a photo: a window that moves over its scaled still.
pub(super) struct PhotoFrames {
    plate: Transposed,
    view: PhotoView,
    canvas: Canvas,
    resampler: Resampler,
}

impl PhotoFrames {
    pub(super) fn new(plate: &Yuv420, view: PhotoView, canvas: Canvas) -> Self {
        Self { plate: Transposed::of(plate), view, canvas, resampler: Resampler::default() }
    }

    /// Renders frame `index` of the view into `to`. The picture is resampled at the window's exact position,
    /// so that it never moves by whole pixels.
    pub(super) fn frame(&mut self, index: u32, to: &mut Yuv420) -> Result<(), RenderError> {
        let spot = self.spot(self.view.progress(index));
        self.resampler.part_of(&self.plate, spot, (self.canvas.width, self.canvas.height), to)
    }

    fn spot(&self, progress: f64) -> Spot {
        let Move { from, to } = self.view.motion;
        let at = |part: fn(Window) -> i32, pixels: u32| {
            let (from, to) = (f64::from(part(from)), f64::from(part(to)));
            (from + (to - from) * progress) / f64::from(Window::UNIT) * f64::from(pixels)
        };
        let (width, height) = self.plate.size();
        Spot {
            x: at(|w| w.x, width),
            y: at(|w| w.y, height),
            width: at(|w| w.width, width),
            height: at(|w| w.height, height),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_eased_and_even() {
        let motion = Move { from: Window::WHOLE, to: Window::WHOLE };
        let view = PhotoView { motion, length: 61, first: 0, glides: false };
        assert_eq!((view.progress(0), view.progress(30), view.progress(60)), (0.0, 0.5, 1.0));
        let at: Vec<f64> = (0..61).map(|frame| view.progress(frame)).collect();
        let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 4.0 / 3600.0 + 1e-9));
        let view = PhotoView { glides: true, ..view };
        assert_eq!((view.progress(0), view.progress(30), view.progress(60)), (0.0, 0.5, 1.0));
        let at: Vec<f64> = (0..61).map(|frame| view.progress(frame)).collect();
        let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| *step > 0.0 && *step <= 1.0 / 45.0 + 1e-9), "{steps:?}");
        assert!(steps[15..45].iter().all(|step| (step - 1.0 / 45.0).abs() < 1e-9), "even in the middle");
    }
}
