//! Chooses the part of a picture that fills the canvas.

use mmm_base::Score;
use mmm_facts::{Canvas, Framing, Move, PhotoCrop, ShotFraming, Window};
use mmm_spec::Fit;

/// Returns how the picture of a shot, of `size` (upright, in pixels), is fitted into `canvas`. A crop keeps
/// the subject, or else the focus, as close to its centre as the picture allows, if the plan doesn't say
/// more.
pub(super) fn framing(shot: &ShotFraming, size: (u32, u32), canvas: Canvas) -> Framing {
    match (shot.fit, shot.crop) {
        (Fit::Auto | Fit::Crop, Some(PhotoCrop { from, to })) => {
            Framing::Crop(to.map_or(from, |to| around(from, to)))
        }
        (Fit::Auto | Fit::Crop, None) => {
            Framing::Crop(Window::cover(size, (canvas.width, canvas.height), middle(shot)))
        }
        (Fit::Fill, _) => Framing::Fill,
        (Fit::Contain, _) => Framing::Contain,
    }
}

/// Returns the move of a frame along a photo, within what the move shows of it; `None` if the frame stays.
pub(super) fn along(shot: &ShotFraming) -> Option<Move> {
    let PhotoCrop { from, to } = shot.crop.filter(|_| matches!(shot.fit, Fit::Auto | Fit::Crop))?;
    let to = to?;
    let all = around(from, to);
    let part = |at: i32, start: i32, side: i32| {
        (i64::from(at - start) * i64::from(Window::UNIT) / i64::from(side.max(1))) as i32
    };
    let inside = |window: Window| {
        let (width, height) = (part(window.width, 0, all.width), part(window.height, 0, all.height));
        let (x, y) = (part(window.x, all.x, all.width), part(window.y, all.y, all.height));
        Window { x: x.min(Window::UNIT - width), y: y.min(Window::UNIT - height), width, height }
    };
    Some(Move { from: inside(from), to: inside(to) })
}

/// Returns the smallest window around two.
fn around(one: Window, other: Window) -> Window {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let right = (one.x + one.width).max(other.x + other.width);
    let bottom = (one.y + one.height).max(other.y + other.height);
    Window { x, y, width: right - x, height: bottom - y }
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
    fn a_frame_moves_along_a_photo_from_one_part_to_another() {
        let part = |x| Window { x, y: 0, width: 400_000, height: Window::UNIT };
        let crop = PhotoCrop { from: part(500_000), to: Some(part(100_000)) };
        let (fit, focus) = (Fit::Crop, (Score::HALF, Score::HALF));
        let shot = ShotFraming { fit, focus, subject: None, crop: Some(crop), track: Vec::new() };
        let canvas = Canvas::of(Aspect::Tall, Codec::H264, Profile::Final);
        let all = Window { x: 100_000, y: 0, width: 800_000, height: Window::UNIT };
        assert_eq!(framing(&shot, (1920, 1080), canvas), Framing::Crop(all));
        let half = |x| Window { x, y: 0, width: 500_000, height: Window::UNIT };
        assert_eq!(along(&shot), Some(Move { from: half(500_000), to: half(0) }));
        let filled = ShotFraming { fit: Fit::Fill, ..shot };
        assert_eq!((along(&filled), framing(&filled, (1920, 1080), canvas)), (None, Framing::Fill));
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
