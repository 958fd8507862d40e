//! Which part of a picture fills the canvas.

use super::{Canvas, Framing, Window};
use crate::base::Score;
use crate::spec::Fit;

/// How a picture of `size` (upright, in pixels) is brought into `canvas`; a crop keeps `focus` as
/// near to its middle as the picture allows.
pub(super) fn framing(size: (u32, u32), canvas: Canvas, fit: Fit, focus: (Score, Score)) -> Framing {
    match fit {
        Fit::Auto | Fit::Crop => Framing::Crop(crop(size, canvas, focus)),
        Fit::Fill => Framing::Fill,
        Fit::Contain => Framing::Contain,
    }
}

/// The largest window of the canvas' shape, around the focus.
fn crop(size: (u32, u32), canvas: Canvas, focus: (Score, Score)) -> Window {
    let (width, height) = (i64::from(size.0.max(1)), i64::from(size.1.max(1)));
    let (wide, high) = (i64::from(canvas.width), i64::from(canvas.height));
    let unit = i64::from(Window::UNIT);
    let (part_w, part_h) = if width * high > wide * height {
        (unit * wide * height / (high * width), unit)
    } else {
        (unit, unit * high * width / (wide * height))
    };
    let place = |part: i64, focus: Score| {
        let middle = (focus.get() * unit as f64) as i64;
        (middle - part / 2).clamp(0, unit - part) as i32
    };
    Window {
        x: place(part_w, focus.0),
        y: place(part_h, focus.1),
        width: part_w as i32,
        height: part_h as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Aspect;
    use crate::timeline::Profile;

    fn window(size: (u32, u32), x: f64, y: f64) -> Window {
        let canvas = Canvas::of(Aspect::Wide, Profile::Final);
        crop(size, canvas, (Score::new(x), Score::new(y)))
    }

    #[test]
    fn a_picture_of_the_same_shape_is_kept_whole() {
        assert_eq!(window((3840, 2160), 0.2, 0.9), Window::WHOLE);
    }

    #[test]
    fn a_crop_keeps_the_focus_inside() {
        let tall = window((1080, 1920), 0.5, 0.1);
        assert_eq!((tall.x, tall.width), (0, Window::UNIT));
        assert_eq!(tall.y, 0);
        assert_eq!(tall.height, 316_406);
        let low = window((1080, 1920), 0.5, 1.0);
        assert_eq!(low.y + low.height, Window::UNIT);
        let middle = window((1080, 1920), 0.5, 0.5);
        assert!((middle.y + middle.height / 2 - 500_000).abs() <= 1);
    }
}
