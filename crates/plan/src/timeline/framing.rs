//! Chooses the part of a picture that fills the canvas.

use mmm_base::Score;
use mmm_facts::{Canvas, Framing, ShotFraming, Window};
use mmm_spec::Fit;

/// Returns how the picture of a shot, of `size` (upright, in pixels), is fitted into `canvas`. A crop keeps
/// the subject, or else the focus, as close to its centre as the picture allows.
pub(super) fn framing(shot: &ShotFraming, size: (u32, u32), canvas: Canvas) -> Framing {
    match shot.fit {
        Fit::Auto | Fit::Crop => {
            Framing::Crop(Window::cover(size, (canvas.width, canvas.height), middle(shot)))
        }
        Fit::Fill => Framing::Fill,
        Fit::Contain => Framing::Contain,
    }
}

/// Returns the centre of the subject of a shot, or else its focus.
fn middle(shot: &ShotFraming) -> (Score, Score) {
    shot.subject.map_or(shot.focus, |subject| {
        let (x, y) = subject.middle();
        (Score::new(x), Score::new(y))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Profile;
    use mmm_spec::{Aspect, Codec};

    fn window(size: (u32, u32), x: f64, y: f64) -> Window {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        Window::cover(size, (canvas.width, canvas.height), (Score::new(x), Score::new(y)))
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
