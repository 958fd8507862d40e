//! How photos move: slowly, towards the subject or away from it, and never as their neighbour.

use super::{Canvas, Move, Window};
use crate::base::{Digest, Score};

/// The kinds of moves, each with its opposite beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Motion {
    In,
    Out,
    Right,
    Left,
    Down,
    Up,
}

const ZOOMS: [Motion; 2] = [Motion::In, Motion::Out];
const WIDE: [Motion; 4] = [Motion::In, Motion::Right, Motion::Out, Motion::Left];
const TALL: [Motion; 4] = [Motion::In, Motion::Down, Motion::Out, Motion::Up];

/// The share of the picture that a move crosses: 4 to 8 % (4 in two seconds, 8 from four on).
const LEAST_SHARE: f64 = 0.04;
const LARGEST_SHARE: f64 = 0.08;

/// Pixels by which the speed of a move may change from one frame to the next.
const SMOOTHNESS_PX: f64 = 0.045;

/// A move that differs from the neighbour's. It is chosen by the photo, not by its place, so that
/// a photo keeps its move when another comes or goes two shots away.
pub(super) fn motion(source: Digest, cropped: Window, before: Option<Motion>) -> Motion {
    let spare_x = Window::UNIT - cropped.width;
    let spare_y = Window::UNIT - cropped.height;
    let kinds: &[Motion] = if spare_x > spare_y {
        &WIDE
    } else if spare_y > spare_x {
        &TALL
    } else {
        &ZOOMS
    };
    let pick = usize::from(source.to_string().as_bytes()[0]) % kinds.len();
    let free = (0..kinds.len()).map(|step| kinds[(pick + step) % kinds.len()]);
    free.into_iter().find(|kind| Some(*kind) != before).unwrap_or(kinds[pick])
}

/// The windows of a move of `frames` frames over the framed picture, around `focus` (0..=1 of the
/// framed picture).
///
/// Its travel is bounded so that the speed changes by less than 0.05 pixels a frame (the corner
/// of a zoom and every point of a pan): with speed that rises evenly over the first half and
/// falls over the second, the change is 4 × travel ÷ frames².
pub(super) fn windows(motion: Motion, focus: (Score, Score), frames: u32, canvas: Canvas) -> Move {
    let frames = f64::from(frames.max(1));
    let wide = f64::from(canvas.width.max(canvas.height));
    let travel = SMOOTHNESS_PX * frames * frames / 4.0 / wide;
    let wanted = (LEAST_SHARE * frames / (2.0 * canvas.rate.0 as f64 / canvas.rate.1 as f64))
        .clamp(LEAST_SHARE, LARGEST_SHARE);
    let share = (travel.min(wanted) * f64::from(Window::UNIT)) as i32;
    let side = Window::UNIT - share;
    let at = |x: i32, y: i32| Window { x, y, width: side, height: side };
    let near = |focus: Score| (focus.get() * f64::from(share)) as i32;
    let close = at(near(focus.0), near(focus.1));
    let middle = share / 2;
    let (from, to) = match motion {
        Motion::In => (Window::WHOLE, close),
        Motion::Out => (close, Window::WHOLE),
        Motion::Right => (at(0, middle), at(share, middle)),
        Motion::Left => (at(share, middle), at(0, middle)),
        Motion::Down => (at(middle, 0), at(middle, share)),
        Motion::Up => (at(middle, share), at(middle, 0)),
    };
    Move { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Aspect, Codec};
    use crate::timeline::Profile;

    #[test]
    fn neighbours_move_differently() {
        for n in 0..40u8 {
            let source = Digest::of(&[n]);
            let first = motion(source, Window::WHOLE, None);
            assert_ne!(motion(source, Window::WHOLE, Some(first)), first);
        }
    }

    #[test]
    fn a_move_stays_inside_and_is_slow() {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        for kind in [Motion::In, Motion::Out, Motion::Right, Motion::Left, Motion::Down, Motion::Up] {
            for frames in [1, 15, 60, 200] {
                let Move { from, to } = windows(kind, (Score::ONE, Score::ZERO), frames, canvas);
                for window in [from, to] {
                    assert!(window.x >= 0 && window.x + window.width <= Window::UNIT);
                    assert!(window.y >= 0 && window.y + window.height <= Window::UNIT);
                    assert!(f64::from(window.width) >= 0.92 * f64::from(Window::UNIT) - 1.0);
                }
            }
        }
    }
}
