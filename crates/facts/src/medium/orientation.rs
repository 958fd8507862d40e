use serde::{Deserialize, Serialize};

/// One of the eight rotations and reflections, numbered as in EXIF 2.3 (tag 0x0112): 1 upright, 2 mirrored
/// left to right, 3 rotated by 180°, 4 mirrored top to bottom, 5 mirrored across the main diagonal, 6 to be
/// rotated right by 90°, 7 mirrored across the other diagonal, 8 to be rotated left by 90°.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Orientation(u8);

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// Returns the orientation of an EXIF number; unknown numbers mean upright.
    pub fn from_exif(number: u32) -> Self {
        if (1..=8).contains(&number) { Self(number as u8) } else { Self::UPRIGHT }
    }

    /// Returns the EXIF number, 1..=8.
    pub fn exif(self) -> u8 {
        self.0
    }

    /// Returns this orientation followed by `next`.
    pub fn then(self, next: Self) -> Self {
        let ((mirrored, quarters), (again, more)) = (self.steps(), next.steps());
        // A later reflection reverses the direction of the earlier rotation.
        let quarters = if again { more + 4 - quarters } else { more + quarters };
        let numbers = if mirrored == again { [1, 6, 3, 8] } else { [2, 7, 4, 5] };
        Self(numbers[quarters % 4])
    }

    /// Returns the orientation that undoes this one.
    pub fn inverse(self) -> Self {
        match self.0 {
            6 => Self(8),
            8 => Self(6),
            _ => self,
        }
    }

    /// Returns whether it mirrors left to right, and how many quarter turns to the right follow.
    fn steps(self) -> (bool, usize) {
        match self.0 {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        }
    }

    /// Returns where a point of the stored picture is in the upright one; both as fractions, 0..=1, from the
    /// upper left.
    pub fn upright_point(self, (x, y): (f64, f64)) -> (f64, f64) {
        match self.0 {
            2 => (1.0 - x, y),
            3 => (1.0 - x, 1.0 - y),
            4 => (x, 1.0 - y),
            5 => (y, x),
            6 => (1.0 - y, x),
            7 => (1.0 - y, 1.0 - x),
            8 => (y, 1.0 - x),
            _ => (x, y),
        }
    }

    /// Whether width and height are swapped.
    pub fn is_sideways(self) -> bool {
        self.0 >= 5
    }
}
