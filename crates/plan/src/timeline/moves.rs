//! How photos move: slowly, towards the subject or away from it, and never like their neighbour.

use std::cmp::Ordering;

use mmm_base::Digest;
use mmm_facts::{Canvas, Extent, Move, Window};

/// The kinds of moves, each next to its opposite.
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

/// The fraction of the picture that a move crosses: 4 % (up to two seconds) to 8 % (from four seconds on).
const LEAST_SHARE: f64 = 0.04;
const LARGEST_SHARE: f64 = 0.08;

/// What is this close to the middle of the frame, as a fraction of its side, is in the middle.
const CENTRAL: f64 = 0.04;

/// How much the speed of a move may change from one frame to the next, in pixels of the final movie.
const SMOOTHNESS_PX: f64 = 0.045;

/// The rectangle that a move is about and that stays in the frame, in fractions of the framed picture; of
/// size zero if it is a point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Aim(Extent);

/// Returns the fraction of the framed picture that a move of `frames` frames crosses.
///
/// The distance is limited so that the speed changes by less than 0.05 pixels per frame (at the corner of a
/// zoom and at every point of a pan). With a speed that rises evenly over the first half and falls over the
/// second, the change is 4 × distance ÷ frames². A draft moves exactly like the final movie.
pub(super) fn share(frames: u32, canvas: Canvas) -> f64 {
    let frames = f64::from(frames.max(1));
    let travel = SMOOTHNESS_PX * frames * frames / 4.0 / f64::from(canvas.final_side());
    let seconds = frames * f64::from(canvas.rate.1) / f64::from(canvas.rate.0);
    travel.min((LEAST_SHARE * seconds / 2.0).clamp(LEAST_SHARE, LARGEST_SHARE))
}

/// Returns a move over `share` of the picture that differs from the neighbour's, keeps its aim in the frame
/// and doesn't move away from it. It is chosen by the photo, not by its place, so a photo keeps its move if
/// another is added or removed two shots away.
pub(super) fn motion(
    source: Digest,
    cropped: Window,
    aim: Aim,
    share: f64,
    before: Option<Motion>,
) -> Motion {
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
    let turned = (0..kinds.len()).map(|step| kinds[(pick + step) % kinds.len()]);
    let free = |kind: &Motion| Some(*kind) != before;
    let fitting = turned.filter(free).find(|kind| aim.stays(*kind, share) && aim.is_approached(*kind));
    fitting.or_else(|| ZOOMS.into_iter().find(free)).unwrap_or(Motion::In)
}

/// Returns the kind of a move along a photo.
pub(super) fn way(Move { from, to }: Move) -> Motion {
    match (to.x.cmp(&from.x), to.y.cmp(&from.y)) {
        (Ordering::Greater, _) => Motion::Right,
        (Ordering::Less, _) => Motion::Left,
        (_, Ordering::Less) => Motion::Up,
        _ => Motion::Down,
    }
}

impl Aim {
    /// Returns the rectangle `aim` of a picture within the part `shown` by the canvas, cut off at its edges.
    pub fn on(aim: Extent, shown: Extent) -> Self {
        let side = |at: f64, length: f64, start: f64, side: f64| {
            let place = |at: f64| ((at - start) / side).clamp(0.0, 1.0);
            (place(at), place(at + length) - place(at))
        };
        let (x, width) = side(aim.x, aim.width, shown.x, shown.width);
        let (y, height) = side(aim.y, aim.height, shown.y, shown.height);
        Self(Extent { x, y, width, height })
    }

    /// Whether a move to one side doesn't end farther from its middle than it began.
    fn is_approached(&self, motion: Motion) -> bool {
        let Extent { x, y, width, height } = self.0;
        let (across, down) = (x + width / 2.0 - 0.5, y + height / 2.0 - 0.5);
        match motion {
            Motion::In | Motion::Out => true,
            Motion::Right => across >= -CENTRAL,
            Motion::Left => across <= CENTRAL,
            Motion::Down => down >= -CENTRAL,
            Motion::Up => down <= CENTRAL,
        }
    }

    /// Whether it is in the frame during the whole move; a zoom only goes as close as it can.
    fn stays(&self, motion: Motion, share: f64) -> bool {
        let Extent { x, y, width, height } = self.0;
        let within = |at: f64, length: f64| at >= share && at + length <= 1.0 - share;
        match motion {
            Motion::In | Motion::Out => true,
            Motion::Right | Motion::Left => within(x, width) && height <= 1.0 - share,
            Motion::Down | Motion::Up => within(y, height) && width <= 1.0 - share,
        }
    }
}

/// Returns the windows of a move over `share` of the framed picture, or less if its aim would leave the
/// frame.
pub(super) fn windows(motion: Motion, aim: Aim, share: f64) -> Move {
    let Extent { x, y, width, height } = aim.0;
    let share = match motion {
        Motion::In | Motion::Out => share.min(1.0 - width).min(1.0 - height).max(0.0),
        _ => share,
    };
    let travel = (share * f64::from(Window::UNIT)) as i32;
    let side = Window::UNIT - travel;
    let window = |x: i32, y: i32| Window { x, y, width: side, height: side };
    // A position from 0 to the travel, close to `wish`, that keeps `length` from `at` on inside the window.
    let holding = |wish: f64, at: f64, length: f64| {
        let place = (wish * share).min(at).max(at + length - 1.0 + share);
        ((place * f64::from(Window::UNIT)) as i32).clamp(0, travel)
    };
    // A zoom that keeps the centre of its aim in place.
    let close = window(holding(x + width / 2.0, x, width), holding(y + height / 2.0, y, height));
    let (across, down) = (holding(0.5, x, width), holding(0.5, y, height));
    let (from, to) = match motion {
        Motion::In => (Window::WHOLE, close),
        Motion::Out => (close, Window::WHOLE),
        Motion::Right => (window(0, down), window(travel, down)),
        Motion::Left => (window(travel, down), window(0, down)),
        Motion::Down => (window(across, 0), window(across, travel)),
        Motion::Up => (window(across, travel), window(across, 0)),
    };
    Move { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Profile;
    use mmm_spec::{Aspect, Codec};

    const KINDS: [Motion; 6] =
        [Motion::In, Motion::Out, Motion::Right, Motion::Left, Motion::Down, Motion::Up];

    fn aim(x: f64, y: f64, width: f64, height: f64) -> Aim {
        Aim(Extent { x, y, width, height })
    }

    #[test]
    fn neighbours_move_differently() {
        for n in 0..40u8 {
            let source = Digest::of(&[n]);
            for cropped in [Window::WHOLE, Window { y: 100_000, height: 750_000, ..Window::WHOLE }] {
                for aim in [aim(0.5, 0.5, 0.0, 0.0), aim(0.0, 0.0, 0.9, 1.0)] {
                    let first = motion(source, cropped, aim, 0.06, None);
                    assert_ne!(motion(source, cropped, aim, 0.06, Some(first)), first);
                }
            }
        }
    }

    #[test]
    fn a_move_ends_on_what_it_is_about() {
        let (head, tall) = (aim(0.4, 0.1, 0.2, 0.2), Window { y: 100_000, height: 400_000, ..Window::WHOLE });
        for n in 0..60u8 {
            for before in [None, Some(Motion::In), Some(Motion::Up)] {
                let found = motion(Digest::of(&[n]), tall, head, 0.06, before);
                assert_ne!(found, Motion::Down, "it would end on the ground");
            }
        }
        let found = (0..60u8).map(|n| motion(Digest::of(&[n]), tall, head, 0.06, None));
        assert!(found.into_iter().any(|kind| kind == Motion::Up));
    }

    #[test]
    fn a_move_stays_inside_and_is_slow() {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        for kind in KINDS {
            for frames in [1, 15, 60, 200] {
                let Move { from, to } = windows(kind, aim(1.0, 0.0, 0.0, 0.0), share(frames, canvas));
                for window in [from, to] {
                    assert!(window.x >= 0 && window.x + window.width <= Window::UNIT);
                    assert!(window.y >= 0 && window.y + window.height <= Window::UNIT);
                    assert!(f64::from(window.width) >= 0.92 * f64::from(Window::UNIT) - 1.0);
                }
            }
        }
    }

    #[test]
    fn what_a_move_is_about_never_leaves_the_frame() {
        let boxes =
            [(0.0, 0.0, 0.3, 0.2), (0.7, 0.8, 0.3, 0.2), (0.03, 0.4, 0.95, 0.3), (0.4, 0.0, 0.2, 1.0)];
        for (x, y, width, height) in boxes {
            let aim = aim(x, y, width, height);
            for kind in KINDS.into_iter().filter(|kind| aim.stays(*kind, 0.08)) {
                let Move { from, to } = windows(kind, aim, 0.08);
                for window in [Extent::from(from), Extent::from(to)] {
                    let close = 2e-6;
                    assert!(
                        window.x <= x + close && x + width <= window.x + window.width + close,
                        "{kind:?}"
                    );
                    assert!(window.y <= y + close && y + height <= window.y + window.height + close);
                }
            }
            assert!(aim.stays(Motion::In, 0.08));
        }
        assert!(!aim(0.03, 0.4, 0.2, 0.3).stays(Motion::Right, 0.08));
        // If the aim fills the frame, nothing moves.
        assert_eq!(windows(Motion::In, aim(0.4, 0.0, 0.2, 1.0), 0.08).to, Window::WHOLE);
    }

    #[test]
    fn a_draft_moves_as_the_final_movie_does() {
        let canvas = |profile| Canvas::of(Aspect::Tall, Codec::H264, profile);
        for frames in [9, 30, 90, 300] {
            let [draft, full] =
                [Profile::Draft, Profile::Final].map(|profile| share(frames, canvas(profile)));
            assert_eq!(draft, full);
        }
    }

    #[test]
    fn an_aim_is_where_the_crop_shows_it() {
        let shown = Extent { x: 0.5, y: 0.0, width: 0.4, height: 1.0 };
        let found = Aim::on(Extent { x: 0.6, y: 0.25, width: 0.1, height: 0.5 }, shown);
        let wanted = [0.25, 0.25, 0.25, 0.5];
        let Extent { x, y, width, height } = found.0;
        assert!([x, y, width, height].iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    }
}
