use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value from 0 to 1 in steps of 1/10,000; a JSON number from 0 to 1.
///
/// Stored as an integer, so that facts can be compared, hashed and cached without the pitfalls of floats.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u16);

impl Score {
    pub const ZERO: Self = Self(0);
    pub const HALF: Self = Self(5_000);
    pub const ONE: Self = Self(10_000);

    /// Rounds `value` to a step and clamps it to 0..=1; not-a-number becomes 0.
    pub fn new(value: f64) -> Self {
        if value.is_nan() {
            return Self::ZERO;
        }
        Self((value.clamp(0.0, 1.0) * 10_000.0).round() as u16)
    }

    /// Returns the value, 0..=1.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.get())
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.get())
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::new)
    }
}
