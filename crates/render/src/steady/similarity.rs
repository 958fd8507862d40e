/// A turn, a change of scale and a move: `p` becomes `turn * p + shift`, in complex numbers. Places count
/// from the middle of the picture, in widths of it, so that a picture may have any size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Similarity {
    pub turn: (f64, f64),
    pub shift: (f64, f64),
}

impl Similarity {
    /// It stays where it is.
    pub const NONE: Self = Self { turn: (1.0, 0.0), shift: (0.0, 0.0) };

    /// Where a place goes.
    pub fn at(&self, place: (f64, f64)) -> (f64, f64) {
        let (x, y) = times(self.turn, place);
        (x + self.shift.0, y + self.shift.1)
    }

    /// What `first` and then this does.
    pub fn after(&self, first: &Self) -> Self {
        Self { turn: times(self.turn, first.turn), shift: self.at(first.shift) }
    }

    /// What undoes it. Its scale is never zero: estimates stay near one.
    pub fn inverse(&self) -> Self {
        let size = self.turn.0 * self.turn.0 + self.turn.1 * self.turn.1;
        let turn = (self.turn.0 / size, -self.turn.1 / size);
        let (x, y) = times(turn, self.shift);
        Self { turn, shift: (-x, -y) }
    }

    /// Logarithm of the scale, angle in radians, and the shift: what can be averaged.
    pub fn parts(&self) -> [f64; 4] {
        let (re, im) = self.turn;
        [re.hypot(im).ln(), im.atan2(re), self.shift.0, self.shift.1]
    }

    /// What has these [`parts`](Self::parts).
    pub fn of_parts([scale, angle, x, y]: [f64; 4]) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { turn: (scale.exp() * cos, scale.exp() * sin), shift: (x, y) }
    }

    /// So much of it, from none at 0 to all at 1.
    pub fn part(&self, share: f64) -> Self {
        Self::of_parts(self.parts().map(|part| part * share))
    }
}

fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}
