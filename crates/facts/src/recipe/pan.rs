use serde::{Deserialize, Serialize};

use crate::Window;
use mmm_base::Time;

/// A crop of constant size that follows something through a clip. Its position depends only on the source's
/// time, so the segments of a shot join without a jump.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Pan {
    /// Width and height, in millionths of the picture's.
    pub size: (i32, i32),
    /// The source's time at the first of `corners`.
    pub start: Time,
    /// Upper left corners, [`Pan::STEP`] apart, in millionths; never empty. They are the control points of a
    /// uniform cubic B-spline (de Boor, "A Practical Guide to Splines", 1978): the window passes near them,
    /// and its speed never jumps. It rests at the first corner before the first time, and at the last corner
    /// after the last time.
    pub corners: Vec<(i32, i32)>,
}

impl Pan {
    /// Time from one corner to the next. A pan needs twice as long to start, like a camera operator's.
    pub const STEP: Time = Time::from_millis(500);

    /// Returns the window's upper left corner at a time of the source, in millionths.
    pub fn corner(&self, time: Time) -> (f64, f64) {
        let step = Self::STEP.micros();
        let since = (time - self.start).micros();
        let (whole, part) = (since.div_euclid(step), since.rem_euclid(step) as f64 / step as f64);
        let last = self.corners.len() as i64 - 1;
        let rest = 1.0 - part;
        let (square, cube) = (part * part, part * part * part);
        let weights = [
            rest * rest * rest,
            3.0 * cube - 6.0 * square + 4.0,
            -3.0 * cube + 3.0 * square + 3.0 * part + 1.0,
            cube,
        ];
        let mut at = (0.0, 0.0);
        for (weight, index) in weights.into_iter().zip(whole - 1..) {
            let corner = self.corners.get(index.clamp(0, last.max(0)) as usize).copied().unwrap_or_default();
            at.0 += weight / 6.0 * f64::from(corner.0);
            at.1 += weight / 6.0 * f64::from(corner.1);
        }
        at
    }

    /// Returns the window at a time of the source, rounded to a millionth.
    pub fn window(&self, time: Time) -> Window {
        let (x, y) = self.corner(time);
        Window { x: x.round() as i32, y: y.round() as i32, width: self.size.0, height: self.size.1 }
    }

    /// Returns a pan with only the corners that matter between two times of the source; the window's
    /// positions between them don't change.
    pub fn between(&self, from: Time, to: Time) -> Self {
        let index = |time: Time| (time - self.start).micros().div_euclid(Self::STEP.micros());
        let last = self.corners.len() as i64 - 1;
        let first = (index(from) - 1).clamp(0, last.max(0));
        let end = (index(to) + 3).clamp(first + 1, last.max(0) + 1);
        Self {
            start: self.start + Self::STEP.scale(first, 1),
            corners: self.corners[first as usize..end as usize].to_vec(),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pan(xs: &[i32]) -> Pan {
        let corners = xs.iter().map(|x| (*x, 0)).collect();
        Pan { size: (316_406, 1_000_000), start: Time::from_millis(1300), corners }
    }

    #[test]
    fn a_steady_walk_is_followed_steadily() {
        let walk = pan(&[0, 50_000, 100_000, 150_000, 200_000, 250_000]);
        for millis in (1800..3300).step_by(70) {
            let (x, _) = walk.corner(Time::from_millis(millis));
            assert!((x - (millis - 1300) as f64 * 100.0).abs() < 1e-6, "{x} at {millis} ms");
        }
        assert_eq!(walk.window(Time::ZERO).x, 0);
        assert_eq!(walk.window(Time::from_secs(20)).x, 250_000);
    }

    #[test]
    fn a_part_goes_where_the_whole_went() {
        let whole = pan(&[0, 0, 0, 90_000, 200_000, 210_000, 210_000, 150_000, 90_000, 90_000]);
        let (from, to) = (Time::from_millis(2710), Time::from_millis(4190));
        let part = whole.between(from, to);
        assert!(part.corners.len() < whole.corners.len());
        for micros in (from.micros()..=to.micros()).step_by(33_333) {
            let time = Time::from_micros(micros);
            assert_eq!(part.corner(time), whole.corner(time), "{time}");
        }
    }
}
