use crate::{Figure, Verdict};

/// The figures of a finished movie.
#[derive(Clone, PartialEq, Debug)]
pub struct Review {
    /// In the order in which they are shown.
    pub figures: Vec<Figure>,
}

impl Review {
    /// Returns the figures with this verdict.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(move |figure| figure.verdict() == verdict)
    }

    /// Whether every figure that was measured is within its limit.
    pub fn passes(&self) -> bool {
        self.of(Verdict::Fails).next().is_none()
    }
}
