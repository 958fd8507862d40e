use crate::matched_by::Match;

/// How well a picture fits a query.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Relevance {
    /// What speaks for the picture, 0 to 1; 1 if the query only says what not to show.
    pub wanted: f64,
    /// What speaks against it, 0 to 1.
    pub unwanted: f64,
    /// Whether “only” leaves it out.
    pub excluded: bool,
    /// Whether the query says what to show.
    pub asked: bool,
    /// What matched, the strongest first.
    pub because: Vec<Match>,
}

impl Relevance {
    /// Returns the score by which pictures are ranked, 0 to 1: what speaks for it less what speaks against
    /// it.
    pub fn score(&self) -> f64 {
        if self.excluded { 0.0 } else { round((self.wanted - self.unwanted).clamp(0.0, 1.0)) }
    }

    /// Returns how far the query leans to the picture: 1 if it asks for it, 0 if it asks to leave it out, ½
    /// if it says nothing about it.
    pub fn leaning(&self) -> f64 {
        let wanted = if self.asked { self.wanted } else { 0.0 };
        if self.excluded { 0.0 } else { round(((1.0 + wanted) / 2.0 - self.unwanted).clamp(0.0, 1.0)) }
    }
}

/// Returns a score in thousandths, so that equal pictures are equal.
pub(crate) fn round(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}
