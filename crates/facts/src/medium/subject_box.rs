use serde::{Deserialize, Serialize};

use mmm_base::{Score, Time};

/// A part of a picture that matters and must stay whole in any crop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SubjectBox {
    /// Left edge, from the left of the upright picture, as a fraction of its width.
    pub x: Score,
    /// Upper edge, from the top, as a fraction of its height.
    pub y: Score,
    /// Size, as fractions of the picture's width and height.
    pub width: Score,
    pub height: Score,
    /// Its share of everything that matters in the picture, 0..=1.
    pub weight: Score,
}

impl SubjectBox {
    /// Creates the box between two corners, upper left and lower right, 0..=1; parts outside of the picture
    /// are cut off.
    pub fn between(from: (f64, f64), to: (f64, f64), weight: f64) -> Self {
        let side = |from: f64, to: f64| {
            let start = Score::new(from);
            (start, Score::new(to.clamp(0.0, 1.0) - start.get()))
        };
        let ((x, width), (y, height)) = (side(from.0, to.0), side(from.1, to.1));
        Self { x, y, width, height, weight: Score::new(weight) }
    }

    /// Returns the right edge, 0..=1.
    pub fn right(&self) -> f64 {
        self.x.get() + self.width.get()
    }

    /// Returns the lower edge, 0..=1.
    pub fn bottom(&self) -> f64 {
        self.y.get() + self.height.get()
    }

    /// Returns the centre, 0..=1 each.
    pub fn middle(&self) -> (f64, f64) {
        (self.x.get() + self.width.get() / 2.0, self.y.get() + self.height.get() / 2.0)
    }

    /// Returns the fraction of the picture that it covers, 0..=1.
    pub fn area(&self) -> f64 {
        self.width.get() * self.height.get()
    }

    /// Returns the smallest box around both, with the sum of both weights.
    pub fn with(&self, other: &Self) -> Self {
        let from = (self.x.get().min(other.x.get()), self.y.get().min(other.y.get()));
        let to = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::between(from, to, self.weight.get() + other.weight.get())
    }

    /// Returns the box `part` of the way, 0..=1, from this one to `other`.
    pub fn towards(&self, other: &Self, part: f64) -> Self {
        let mix = |from: f64, to: f64| from + (to - from) * part;
        Self::between(
            (mix(self.x.get(), other.x.get()), mix(self.y.get(), other.y.get())),
            (mix(self.right(), other.right()), mix(self.bottom(), other.bottom())),
            mix(self.weight.get(), other.weight.get()),
        )
    }
}

/// The subject of a clip at one of the analysed times.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SubjectMoment {
    pub time: Time,
    /// `None` if nothing stands out.
    pub subject: Option<SubjectBox>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_joined_and_mixed() {
        let one = SubjectBox::between((0.1, 0.2), (0.3, 0.4), 0.5);
        let other = SubjectBox::between((0.25, 0.0), (1.4, 0.3), 0.25);
        let (x, y) = one.middle();
        assert!(other.right() == 1.0 && (x - 0.2).abs() < 1e-9 && (y - 0.3).abs() < 1e-9);
        assert_eq!(one.with(&other), SubjectBox::between((0.1, 0.0), (1.0, 0.4), 0.75));
        assert_eq!(one.towards(&other, 0.0), one);
        assert_eq!(one.towards(&other, 1.0), other);
        assert!((one.area() - 0.04).abs() < 1e-9);
    }
}
