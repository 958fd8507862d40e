use std::sync::LazyLock;

/// Numbers in the vector of a word.
pub(crate) const DIMENSIONS: usize = 128;

/// The tokens, one per line, in the order of the rows.
const TOKENS: &str = include_str!("../../../models/words.txt");
/// The rows: for each token a scale as a 32-bit float, then its vector as 128 signed bytes, all
/// little-endian.
const ROWS: &[u8] = include_bytes!("../../../models/words.bin");
/// Bytes of a row.
const ROW: usize = 4 + DIMENSIONS;

static TABLE: LazyLock<WordTable> = LazyLock::new(|| {
    let mut tokens: Vec<(&str, usize)> =
        TOKENS.lines().enumerate().map(|(row, token)| (token, row)).collect();
    tokens.sort_unstable();
    WordTable { tokens }
});

/// The tokens that have a vector, and their vectors.
///
/// They are distilled from a sentence encoder: `models/LICENSES.md` names it, and
/// `scripts/convert_models/words.py` does it.
pub(crate) struct WordTable {
    /// The tokens with the numbers of their rows, in the order of the tokens.
    tokens: Vec<(&'static str, usize)>,
}

impl WordTable {
    /// Returns the built-in table.
    pub fn built_in() -> &'static Self {
        &TABLE
    }

    /// Returns the number of a token's row.
    pub fn find(&self, token: &str) -> Option<usize> {
        let at = self.tokens.binary_search_by(|(known, _)| (*known).cmp(token)).ok()?;
        Some(self.tokens[at].1)
    }

    /// Adds the vector of a row to `sum`.
    pub fn add(&self, row: usize, sum: &mut [f32; DIMENSIONS]) {
        let (scale, vector) = row_bytes(row);
        for (total, byte) in sum.iter_mut().zip(vector) {
            *total += f32::from(byte.cast_signed()) * scale;
        }
    }
}

/// Returns the scale and the vector of a row.
fn row_bytes(row: usize) -> (f32, &'static [u8]) {
    let (scale, vector) = ROWS[row * ROW..(row + 1) * ROW].split_at(4);
    (f32::from_le_bytes([scale[0], scale[1], scale[2], scale[3]]), vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_a_row() {
        let table = WordTable::built_in();
        let count = table.tokens.len();
        assert!(count > 20_000, "{count} tokens");
        assert_eq!(ROWS.len(), count * ROW);
        assert!(table.tokens.windows(2).all(|pair| pair[0].0 < pair[1].0), "a token is there twice");
        for (token, row) in &table.tokens {
            let (scale, vector) = row_bytes(*row);
            assert!(scale > 0.0 && scale < 1.0, "{token} has the scale {scale}");
            assert!(vector.iter().any(|byte| byte.cast_signed().unsigned_abs() == 127), "{token}");
        }
    }
}
