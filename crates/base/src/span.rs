use serde::{Deserialize, Serialize};

/// A stretch of a source text, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub len: usize,
}

impl Span {
    /// The stretch from byte `start` up to, not including, byte `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, len: end.saturating_sub(start) }
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.start + self.len
    }
}
