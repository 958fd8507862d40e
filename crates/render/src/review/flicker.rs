use std::sync::LazyLock;

use super::glimpse::Glimpse;

/// Tracks the brightness of every pixel and detects frames on which a large part of the picture changes from
/// getting lighter to getting darker or back: half a flash.
///
/// The definitions are those of WCAG 2.2, success criterion 2.3.1, and of ITU-R BT.1702.
#[derive(Default)]
pub(super) struct Flicker {
    points: Vec<Point>,
    /// Shares of the picture that turned up and down in the last frames.
    shares: [(f64, f64); TOGETHER],
    frame: usize,
    /// Whether the last half of a flash went upwards.
    up: Option<bool>,
}

/// One pixel of the picture.
#[derive(Clone, Copy, Debug)]
struct Point {
    course: Course,
    /// The lowest and the highest value since the last turn.
    low: f32,
    high: f32,
    /// Whether the state at `high` was a saturated red.
    saturated: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Course {
    Unknown,
    Rising,
    Falling,
}

/// Relative luminance must change by this share of its maximum.
const LIGHT_STEP: f32 = 0.1;
/// The darker of the two states must be below this relative luminance.
const DARKER_BELOW: f32 = 0.8;
/// For a saturated red, (R − G − B) × 320 must change by this much.
const RED_STEP: f32 = 20.0;
/// A red is saturated if it is at least this share of R + G + B.
const SATURATED: f32 = 0.8;
/// The share of the picture that must turn at once: a quarter of the screen.
const AREA: f64 = 0.25;
/// Frames within which pixels turn together: a change that takes longer than a frame reaches the threshold at
/// different times on different pixels.
const TOGETHER: usize = 3;

/// Linear light of a coded level (IEC 61966-2-1), as in WCAG.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|level| {
        let level = level as f32 / 255.0;
        if level <= 0.040_45 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    })
});

impl Flicker {
    /// Whether the next frame is half of a general flash.
    pub fn light(&mut self, glimpse: &Glimpse) -> bool {
        self.follow(
            glimpse,
            LIGHT_STEP,
            |[r, g, b]| (0.2126 * r + 0.7152 * g + 0.0722 * b, true),
            |darker| darker < DARKER_BELOW,
        )
    }

    /// Whether the next frame is half of a flash of saturated red.
    pub fn red(&mut self, glimpse: &Glimpse) -> bool {
        let red =
            |[r, g, b]: [f32; 3]| (((r - g - b) * 320.0).max(0.0), r > 0.0 && r >= SATURATED * (r + g + b));
        self.follow(glimpse, RED_STEP, red, |_| true)
    }

    fn follow(
        &mut self,
        glimpse: &Glimpse,
        step: f32,
        value: impl Fn([f32; 3]) -> (f32, bool),
        counts: impl Fn(f32) -> bool,
    ) -> bool {
        let pixels = glimpse.rgb.as_chunks::<3>().0;
        let values = pixels.iter().map(|rgb| value(rgb.map(|level| LINEAR[usize::from(level)])));
        if self.points.len() != pixels.len() {
            self.points = values.map(|(value, saturated)| Point::new(value, saturated)).collect();
            return false;
        }
        let (mut ups, mut downs) = (0u32, 0u32);
        for (point, (value, saturated)) in self.points.iter_mut().zip(values) {
            match point.turn(value, saturated, step) {
                Some(turn) if turn.saturated && counts(turn.darker) && turn.up => ups += 1,
                Some(turn) if turn.saturated && counts(turn.darker) => downs += 1,
                _ => {}
            }
        }
        let all = pixels.len().max(1) as f64;
        self.event((f64::from(ups) / all, f64::from(downs) / all))
    }

    /// Whether enough of the picture turned, in the opposite direction of the last time.
    fn event(&mut self, now: (f64, f64)) -> bool {
        self.shares[self.frame % TOGETHER] = now;
        self.frame += 1;
        let sum = self.shares.iter().fold((0.0, 0.0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
        let up = now.0 >= AREA || sum.0 - sum.1 >= AREA;
        let down = now.1 >= AREA || sum.1 - sum.0 >= AREA;
        let turned = match self.up {
            Some(true) => down,
            Some(false) => up,
            None => up || down,
        };
        if turned {
            self.up = Some(self.up.map_or(up, |up| !up));
            // Shares already reported must not count again.
            self.shares = Default::default();
        }
        turned
    }
}

/// A change of a pixel that is large enough.
struct Turn {
    up: bool,
    darker: f32,
    /// Whether one of the two states is a saturated red.
    saturated: bool,
}

impl Point {
    fn new(value: f32, saturated: bool) -> Self {
        Self { course: Course::Unknown, low: value, high: value, saturated }
    }

    /// Takes the next value; returns a turn once it is `step` away from the last extreme.
    fn turn(&mut self, value: f32, saturated: bool, step: f32) -> Option<Turn> {
        if value >= self.low + step && self.course != Course::Rising {
            let turn = Turn { up: true, darker: self.low, saturated };
            *self = Self { course: Course::Rising, low: value, high: value, saturated };
            return Some(turn);
        }
        if value <= self.high - step && self.course != Course::Falling {
            let turn = Turn { up: false, darker: value, saturated: self.saturated };
            *self = Self { course: Course::Falling, low: value, high: value, saturated };
            return Some(turn);
        }
        self.low = self.low.min(value);
        if value > self.high {
            (self.high, self.saturated) = (value, saturated);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::tests::plain;
    use super::*;

    /// Returns the frames on which halves of flashes are detected in plain frames.
    fn events(colours: &[[u8; 3]], red: bool) -> Vec<usize> {
        let mut flicker = Flicker::default();
        let told = |(at, rgb): (usize, &[u8; 3])| {
            let glimpse = plain(*rgb);
            (if red { flicker.red(&glimpse) } else { flicker.light(&glimpse) }).then_some(at)
        };
        colours.iter().enumerate().filter_map(told).collect()
    }

    #[test]
    fn a_flash_is_a_change_of_a_tenth_and_back_with_a_dark_side() {
        let grey = |level: u8| [level; 3];
        assert_eq!(events(&[grey(0), grey(255), grey(0), grey(0), grey(255)], false), [1, 2, 4]);
        assert_eq!(
            events(&[grey(100), grey(120), grey(100), grey(120)], false),
            [0usize; 0],
            "0.06 of the light"
        );
        assert_eq!(events(&[grey(255), grey(240), grey(255)], false), [0usize; 0], "never below 0.8");
        let slow: Vec<[u8; 3]> = (0..60).map(|n| grey(200 - n * 2)).collect();
        assert_eq!(events(&slow, false).len(), 1, "one way is half a flash");
    }

    #[test]
    fn a_red_flash_needs_saturated_red() {
        let (red, dark, pink) = ([230, 10, 10], [90, 85, 85], [230, 150, 150]);
        assert_eq!(events(&[dark, red, dark, red], true), [1, 2, 3]);
        assert_eq!(events(&[dark, pink, dark, pink], true), [0usize; 0]);
        assert_eq!(events(&[[0; 3], [0, 0, 255], [0; 3]], true), [0usize; 0]);
    }

    #[test]
    fn a_small_part_and_a_glitter_are_no_flash() {
        // A fifth of the picture flashes.
        let small = |level: u8| {
            let mut glimpse = plain([60; 3]);
            glimpse.rgb[..16 * 9 * 3 / 5].fill(level);
            glimpse
        };
        let mut flicker = Flicker::default();
        assert!((0..30).all(|n| !flicker.light(&small(if n % 6 < 3 { 0 } else { 255 }))));
        // Every pixel flashes five times per second, each at its own time.
        let glitter = |n: usize| {
            let mut glimpse = plain([0; 3]);
            for (at, rgb) in glimpse.rgb.chunks_mut(3).enumerate() {
                rgb.fill(if (n + at) % 6 < 3 { 0 } else { 255 });
            }
            glimpse
        };
        let mut flicker = Flicker::default();
        assert!((0..60).all(|n| !flicker.light(&glitter(n))));
    }

    #[test]
    fn halves_that_flash_against_each_other_count_once() {
        let halves = |n: usize| {
            let mut glimpse = plain([0; 3]);
            for (at, rgb) in glimpse.rgb.chunks_mut(3).enumerate() {
                rgb.fill(if (at < 72) == (n % 6 < 3) { 255 } else { 0 });
            }
            glimpse
        };
        let mut flicker = Flicker::default();
        assert_eq!((0..31).filter(|n| flicker.light(&halves(*n))).count(), 10);
    }
}
