use serde::{Deserialize, Serialize};

/// A range of a source text, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub len: usize,
}

impl Span {
    /// Creates the range from byte `start` up to, but not including, byte `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, len: end.saturating_sub(start) }
    }

    /// Returns the offset just past the last byte.
    pub fn end(self) -> usize {
        self.start + self.len
    }
}
