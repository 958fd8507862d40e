use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::word_table::WordTable;

/// The longest word in characters that is split; a longer one is no word.
const LONGEST: usize = 100;

/// Returns the rows of a text's tokens: WordPiece as uncased BERT models use it.
///
/// The text is lower-cased, accents are dropped, punctuation stands alone, and each word is split greedily
/// into the longest tokens that are known. A word with a part that no token covers is left out.
pub(crate) fn word_pieces(text: &str, table: &WordTable) -> Vec<usize> {
    let mut rows = Vec::new();
    for word in split(&fold(text)) {
        rows.extend(pieces(word, table).unwrap_or_default());
    }
    rows
}

/// Returns the text in lower case without accents.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Returns the words of a text, each mark of punctuation as a word of its own.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        if !letter.is_alphanumeric() {
            let end = at + letter.len_utf8();
            words
                .extend([&text[start..at], text[at..end].trim()].into_iter().filter(|word| !word.is_empty()));
            start = end;
        }
    }
    words.extend(Some(&text[start..]).filter(|word| !word.is_empty()));
    words
}

/// Returns the rows of a word's tokens, or `None` if a part of it has none.
fn pieces(word: &str, table: &WordTable) -> Option<Vec<usize>> {
    if word.chars().count() > LONGEST {
        return None;
    }
    let mut rows = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let find = |part: &str| {
            if rows.is_empty() { table.find(part) } else { table.find(&format!("##{part}")) }
        };
        let (length, row) = rest.char_indices().rev().find_map(|(at, letter)| {
            let length = at + letter.len_utf8();
            Some((length, find(&rest[..length])?))
        })?;
        rows.push(row);
        rest = &rest[length..];
    }
    Some(rows)
}
