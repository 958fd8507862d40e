//! The path of a crop over a clip, as a camera operator would pan. It rests while it can, moves straight
//! where it must, and starts and ends each move softly.

use mmm_base::{Score, Time};
use mmm_facts::{Canvas, Framing, Pan, SubjectBox, SubjectMoment, Window};

/// How far the subject may wander from the window's centre before the window follows, as a fraction of its
/// width or height.
const DEAD_ZONE: f64 = 0.15;
/// The fastest move, in widths or heights of the window per second.
const FASTEST: f64 = 1.0;
/// Moves shorter than this, in millionths of the picture, are ignored.
const NOTHING: i32 = 100;

/// Returns the crop of a clip of `size` (upright, in pixels) that follows the subject in `track`, over the
/// source's times `span`. The window is fixed if the subject does not move, and is placed around `focus` if
/// there is no subject.
///
/// `track` covers the whole source shot, whatever part of it is shown, so that consecutive parts continue
/// without a jump.
pub(super) fn follow(
    track: &[SubjectMoment],
    size: (u32, u32),
    canvas: Canvas,
    focus: (Score, Score),
    span: (Time, Time),
) -> Framing {
    let still = Window::cover(size, (canvas.width, canvas.height), focus);
    let (side, wide) = if still.width < Window::UNIT { (still.width, true) } else { (still.height, false) };
    let seen = steadied(track);
    let (Some(first), Some(last)) = (track.first(), track.last()) else { return Framing::Crop(still) };
    if seen.is_empty() || side >= Window::UNIT {
        return Framing::Crop(still);
    }
    let unit = f64::from(Window::UNIT);
    let way = way(&seen, (first.time, last.time), f64::from(side) / unit, wide);
    let place = |at: f64| ((at * unit).round() as i32).clamp(0, Window::UNIT - side);
    let corner = |at: &f64| if wide { (place(*at), still.y) } else { (still.x, place(*at)) };
    let corners = way.iter().map(corner).collect();
    let pan = Pan { size: (still.width, still.height), start: first.time, corners };
    let pan = pan.between(span.0, span.1);
    let along = |corner: &(i32, i32)| if wide { corner.0 } else { corner.1 };
    let ends = pan.corners.iter().map(along);
    let (least, most) = ends.fold((i32::MAX, i32::MIN), |(a, b), at| (a.min(at), b.max(at)));
    if most - least < NOTHING { Framing::Crop(pan.window(span.0)) } else { Framing::Follow(pan) }
}

/// Returns the boxes that were found, and interpolates those that jump to another place and back.
fn steadied(track: &[SubjectMoment]) -> Vec<(Time, SubjectBox)> {
    let seen: Vec<(Time, SubjectBox)> =
        track.iter().filter_map(|moment| Some((moment.time, moment.subject?))).collect();
    let across = |at: usize| seen[at].1.middle();
    let mut steady = seen.clone();
    for at in 1..seen.len().saturating_sub(1) {
        let (before, here, after) = (across(at - 1), across(at), across(at + 1));
        let apart = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs().max((a.1 - b.1).abs());
        if apart(before, here).min(apart(here, after)) > 2.0 * apart(before, after) {
            let part = share(seen[at - 1].0, seen[at].0, seen[at + 1].0);
            steady[at].1 = seen[at - 1].1.towards(&seen[at + 1].1, part);
        }
    }
    steady
}

/// Returns how far `at` is from one time to another, 0..=1.
fn share(from: Time, at: Time, to: Time) -> f64 {
    ((at - from).secs() / (to - from).secs().max(1e-6)).clamp(0.0, 1.0)
}

/// Where the window's left or upper edge may be to show the whole subject, and where it is best.
#[derive(Clone, Copy)]
struct Room {
    least: f64,
    most: f64,
    best: f64,
}

/// Returns positions of the window's left (`wide`) or upper edge, [`Pan::STEP`] apart: the control points of
/// its path.
fn way(seen: &[(Time, SubjectBox)], (start, end): (Time, Time), side: f64, wide: bool) -> Vec<f64> {
    let steps = (end - start).micros().max(0) / Pan::STEP.micros() + 2;
    let time = |step: i64| start + Pan::STEP.scale(step, 1);
    let rooms: Vec<Room> = (0..steps).map(|step| room_round(seen, time(step), side, wide)).collect();
    let most_step = FASTEST * side * Pan::STEP.secs();
    let (least, most) = bounded(&rooms, side, most_step);
    taut(&least, &most, rooms.iter().map(|room| room.best).sum::<f64>() / rooms.len() as f64)
}

/// Returns the room that exists at all times which a control point at `time` affects. If all control points
/// are within their rooms, so is the spline.
fn room_round(seen: &[(Time, SubjectBox)], time: Time, side: f64, wide: bool) -> Room {
    let reach = Pan::STEP.scale(2, 1);
    let (from, to) = (time - reach, time + reach);
    let inside = seen.iter().filter(|(at, _)| from < *at && *at < to).map(|(_, subject)| *subject);
    let rooms =
        inside.chain([from, to].map(|at| at_time(seen, at))).map(|subject| room(&subject, side, wide));
    let here = room(&at_time(seen, time), side, wide);
    rooms.fold(here, |all, room| Room {
        least: all.least.max(room.least),
        most: all.most.min(room.most),
        ..all
    })
}

/// Returns the box at a time, interpolated between those that were found.
fn at_time(seen: &[(Time, SubjectBox)], time: Time) -> SubjectBox {
    let after = seen.partition_point(|(at, _)| *at <= time);
    match (after.checked_sub(1).and_then(|before| seen.get(before)), seen.get(after)) {
        (Some(before), Some(next)) => before.1.towards(&next.1, share(before.0, time, next.0)),
        (Some(only), None) | (None, Some(only)) => only.1,
        (None, None) => SubjectBox::between((0.0, 0.0), (1.0, 1.0), 0.0),
    }
}

fn room(subject: &SubjectBox, side: f64, wide: bool) -> Room {
    let (from, to) =
        if wide { (subject.x.get(), subject.right()) } else { (subject.y.get(), subject.bottom()) };
    let best = ((from + to - side) / 2.0).clamp(0.0, 1.0 - side);
    // A subject larger than the window is shown by its middle.
    let (least, most) = if to - from > side { (best, best) } else { (to - side, from) };
    Room { least: least.clamp(0.0, best), most: most.clamp(best, 1.0 - side), best }
}

/// Returns the bounds of the path: the room, at most the dead zone away from the best position, and never
/// changing faster than the window may move. Where the subject moves faster than that, both bounds are the
/// midpoint between them.
fn bounded(rooms: &[Room], side: f64, most_step: f64) -> (Vec<f64>, Vec<f64>) {
    let off = DEAD_ZONE * side;
    let narrow = |room: &Room| {
        let (least, most) = (room.least.max(room.best - off), room.most.min(room.best + off));
        if least > most { ((least + most) / 2.0, (least + most) / 2.0) } else { (least, most) }
    };
    let (mut least, mut most): (Vec<f64>, Vec<f64>) = rooms.iter().map(narrow).unzip();
    for at in 1..rooms.len() {
        least[at] = least[at].max(least[at - 1] - most_step);
        most[at] = most[at].min(most[at - 1] + most_step);
    }
    for at in (1..rooms.len()).rev() {
        least[at - 1] = least[at - 1].max(least[at] - most_step);
        most[at - 1] = most[at - 1].min(most[at] + most_step);
    }
    for (least, most) in least.iter_mut().zip(&mut most) {
        if *least > *most {
            let middle = (*least + *most) / 2.0;
            (*least, *most) = (middle, middle);
        }
    }
    (least, most)
}

/// Returns the taut string between two bounds with loose ends (Barlow and others, "Statistical inference
/// under order restrictions", 1972): it rests where it can, and is straight where it can't. If it need not
/// move at all, it stays at `wish`, or as close to it as the bounds allow.
fn taut(least: &[f64], most: &[f64], wish: f64) -> Vec<f64> {
    let count = least.len();
    let mut string: Vec<f64> = Vec::with_capacity(count);
    let (mut low, mut high) = (0, 0);
    for at in 0..count {
        low = if least[at] >= least[low] { at } else { low };
        high = if most[at] <= most[high] { at } else { high };
        if least[low] > most[high] {
            break;
        }
    }
    if least[low] <= most[high] {
        return vec![wish.clamp(least[low], most[high]); count];
    }
    // The string starts from whichever bound came first.
    let (mut anchor, mut value) = if high < low { (high, most[high]) } else { (low, least[low]) };
    string.resize(anchor + 1, value);
    while anchor + 1 < count {
        let (to, reached) = bend(least, most, anchor, value);
        let length = (to - anchor) as f64;
        let (from, start) = (value, anchor);
        string.extend((start + 1..=to).map(|at| from + (reached - from) * (at - start) as f64 / length));
        (anchor, value) = (to, reached);
    }
    string
}

/// Returns where the string, drawn from `value` at `anchor`, bends next, and its position there.
fn bend(least: &[f64], most: &[f64], anchor: usize, value: f64) -> (usize, f64) {
    let slope = |bound: f64, at: usize| (bound - value) / (at - anchor) as f64;
    let (mut low, mut high) = (anchor + 1, anchor + 1);
    for at in anchor + 1..least.len() {
        let (up, down) = (slope(least[at], at), slope(most[at], at));
        if up > slope(most[high], high) {
            return (high, most[high]);
        }
        if down < slope(least[low], low) {
            return (low, least[low]);
        }
        low = if up >= slope(least[low], low) { at } else { low };
        high = if down <= slope(most[high], high) { at } else { high };
    }
    // The loose end rests where it can.
    if slope(least[low], low) > 0.0 {
        (low, least[low])
    } else if slope(most[high], high) < 0.0 {
        (high, most[high])
    } else {
        (least.len() - 1, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Rate;
    use mmm_facts::Profile;
    use mmm_spec::{Aspect, Codec};

    const CENTRE: (Score, Score) = (Score::HALF, Score::HALF);
    const SIDE: f64 = 0.316_406;

    /// Returns boxes a tenth wide, one every quarter of a second, with their centres at `xs`.
    fn track(xs: impl IntoIterator<Item = f64>) -> Vec<SubjectMoment> {
        let at = |(index, x): (usize, f64)| SubjectMoment {
            time: Time::from_millis(index as i64 * 250),
            subject: Some(SubjectBox::between((x - 0.05, 0.4), (x + 0.05, 0.6), 0.6)),
        };
        xs.into_iter().enumerate().map(at).collect()
    }

    fn followed(track: &[SubjectMoment]) -> Framing {
        let canvas = Canvas::of(Aspect::Tall, Codec::H264, Profile::Final);
        let end = track.last().map_or(Time::ZERO, |last| last.time);
        follow(track, (1920, 1080), canvas, CENTRE, (Time::ZERO, end))
    }

    /// Returns the left edge of the window in each frame, as a fraction of the picture.
    fn lefts(framing: &Framing, frames: i64) -> Vec<f64> {
        let left = |frame| match framing {
            Framing::Follow(pan) => pan.corner(Rate(30, 1).time_of(frame)).0 / 1e6,
            Framing::Crop(window) => f64::from(window.x) / 1e6,
            other => panic!("{other:?}"),
        };
        (0..frames).map(left).collect()
    }

    fn checked(xs: &[f64]) -> Vec<f64> {
        let framing = followed(&track(xs.iter().copied()));
        let frames = (xs.len() as i64 - 1) * 15 / 2;
        let lefts = lefts(&framing, frames);
        for (frame, left) in lefts.iter().enumerate() {
            let at = frame as f64 / 7.5;
            let x = xs[at as usize] + (xs[at as usize + 1] - xs[at as usize]) * at.fract();
            assert!(*left <= x - 0.049 && x + 0.049 <= left + SIDE, "frame {frame}: {x} and {left}");
        }
        lefts
    }

    #[test]
    fn a_still_or_trembling_subject_gets_no_pan() {
        let still = followed(&track([0.3; 20]));
        assert_eq!(still, Framing::Crop(Window { x: 141_797, y: 0, width: 316_406, height: 1_000_000 }));
        let trembling = followed(&track((0..40).map(|n| 0.7 + if n % 3 == 0 { 0.02 } else { -0.02 })));
        assert!(matches!(trembling, Framing::Crop(_)), "{trembling:?}");
        assert!(matches!(followed(&[]), Framing::Crop(_)));
        let nobody = SubjectMoment { time: Time::ZERO, subject: None };
        assert_eq!(followed(&[nobody]), followed(&[]));
    }

    #[test]
    fn who_walks_is_followed_evenly_and_whoever_starts_softly() {
        let walk: Vec<f64> = (0..=32).map(|n| 0.15 + 0.7 * f64::from(n) / 32.0).collect();
        let start: Vec<f64> =
            (0..40).map(|n| 0.2 + 0.5 * (f64::from(n - 12) / 16.0).clamp(0.0, 1.0)).collect();
        for (name, xs) in [("walk", walk), ("start", start)] {
            let lefts = checked(&xs);
            let jerk = lefts.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
            // In pixels of a frame that is 1080 wide: 1 / 0.316 times the fraction of the picture.
            let jerk = jerk / SIDE * 1080.0;
            assert!(jerk < 1.0, "{name}: the speed changes by {jerk} pixels from a frame to the next");
            let turns = lefts.windows(2).filter(|pair| pair[1] < pair[0] - 1e-9).count();
            assert_eq!(turns, 0, "{name}: it goes back");
        }
    }

    #[test]
    fn a_glance_elsewhere_moves_nothing() {
        let mut xs = [0.3; 24];
        xs[11] = 0.9;
        assert_eq!(followed(&track(xs)), followed(&track([0.3; 24])));
    }

    #[test]
    fn whoever_is_too_fast_is_followed_as_fast_as_one_can() {
        let framing = followed(&track((0..40).map(|n| if n < 20 { 0.1 } else { 0.9 })));
        let lefts = lefts(&framing, 290);
        let fastest = lefts.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
        assert!(fastest <= FASTEST * SIDE / 30.0 + 1e-6, "{fastest}");
        assert!(lefts[0] < 0.06 && lefts[289] > 0.62, "{} … {}", lefts[0], lefts[289]);
    }

    #[test]
    fn the_way_does_not_depend_on_the_part_that_is_shown() {
        let track = track((0..60).map(|n| 0.5 + 0.3 * (f64::from(n) / 9.0).sin()));
        let canvas = Canvas::of(Aspect::Tall, Codec::H264, Profile::Final);
        let part = |from: i64, to: i64| {
            follow(&track, (1920, 1080), canvas, CENTRE, (Time::from_millis(from), Time::from_millis(to)))
        };
        let (Framing::Follow(one), Framing::Follow(other)) = (part(2000, 5000), part(4000, 9000)) else {
            panic!("it moves")
        };
        for millis in (4000..=5000).step_by(33) {
            let time = Time::from_millis(millis);
            assert_eq!(one.corner(time), other.corner(time));
        }
    }
}
