use crate::word_pieces::word_pieces;
use crate::word_table::{DIMENSIONS, WordTable};

/// Sums that a product of vectors is computed in.
const LANES: usize = 8;

/// What a text means: a direction in a space where related words are close.
#[derive(Clone, PartialEq, Debug)]
pub struct Meaning([f32; DIMENSIONS]);

impl Meaning {
    /// Returns the meaning of an English text: the mean of its tokens' vectors, with length 1. A text without
    /// a known word has none.
    pub fn of(text: &str) -> Option<Self> {
        let table = WordTable::built_in();
        let mut sum = [0.0; DIMENSIONS];
        for row in word_pieces(text, table) {
            table.add(row, &mut sum);
        }
        Self::towards(sum)
    }

    /// Returns the mean of meanings with weights, with length 1, or `None` if nothing is left.
    pub fn blend<'a>(meanings: impl IntoIterator<Item = (f32, &'a Meaning)>) -> Option<Self> {
        let mut sum = [0.0; DIMENSIONS];
        for (weight, meaning) in meanings {
            for (total, value) in sum.iter_mut().zip(meaning.0) {
                *total += weight * value;
            }
        }
        Self::towards(sum)
    }

    /// Returns how close two meanings are: the cosine between them, -1 to 1.
    pub fn cosine(&self, other: &Self) -> f32 {
        dot(&self.0, &other.0)
    }

    fn towards(mut vector: [f32; DIMENSIONS]) -> Option<Self> {
        let length = dot(&vector, &vector).sqrt();
        if !(length > 0.0 && length.is_finite()) {
            return None;
        }
        vector.iter_mut().for_each(|value| *value /= length);
        Some(Self(vector))
    }
}

/// Returns the sum of the products. Eight sums run side by side, in an order that is the same on every machine.
fn dot(one: &[f32; DIMENSIONS], two: &[f32; DIMENSIONS]) -> f32 {
    let mut sums = [0.0; LANES];
    for start in (0..DIMENSIONS).step_by(LANES) {
        for lane in 0..LANES {
            sums[lane] += one[start + lane] * two[start + lane];
        }
    }
    sums.iter().sum()
}
