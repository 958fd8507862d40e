/// A rotation, scaling and shift: `p` becomes `turn * p + shift`, in complex numbers. Positions are relative
/// to the centre of the picture, in picture widths, so that any picture size works.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Similarity {
    pub turn: (f64, f64),
    pub shift: (f64, f64),
}

impl Similarity {
    /// No motion.
    pub const NONE: Self = Self { turn: (1.0, 0.0), shift: (0.0, 0.0) };

    /// Returns where a position is moved to.
    pub fn at(&self, place: (f64, f64)) -> (f64, f64) {
        let (x, y) = times(self.turn, place);
        (x + self.shift.0, y + self.shift.1)
    }

    /// Returns the motion `first` followed by this one.
    pub fn after(&self, first: &Self) -> Self {
        Self { turn: times(self.turn, first.turn), shift: self.at(first.shift) }
    }

    /// Returns the inverse motion. The scale is never zero: estimates stay near one.
    pub fn inverse(&self) -> Self {
        let size = self.turn.0 * self.turn.0 + self.turn.1 * self.turn.1;
        let turn = (self.turn.0 / size, -self.turn.1 / size);
        let (x, y) = times(turn, self.shift);
        Self { turn, shift: (-x, -y) }
    }

    /// Returns the logarithm of the scale, the angle in radians, and the shift: values that can be averaged.
    pub fn parts(&self) -> [f64; 4] {
        let (re, im) = self.turn;
        [re.hypot(im).ln(), im.atan2(re), self.shift.0, self.shift.1]
    }

    /// Returns the motion with these [`parts`](Self::parts).
    pub fn of_parts([scale, angle, x, y]: [f64; 4]) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { turn: (scale.exp() * cos, scale.exp() * sin), shift: (x, y) }
    }

    /// Returns a share of the motion, from none at 0 to all at 1.
    pub fn part(&self, share: f64) -> Self {
        Self::of_parts(self.parts().map(|part| part * share))
    }
}

fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}
