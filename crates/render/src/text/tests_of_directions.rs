//! Text that mixes directions, in one row and in several.

use std::collections::BTreeSet;
use std::path::Path;

use super::cases::Cases;
use super::page::shape;
use super::paragraph::{Paragraph, Row};
use super::tests::words;
use mmm_facts::TextPlace;
use mmm_fonts::clusters;

/// A text as it is shaped, without the characters that no font of the tests has.
struct Shaped {
    text: String,
    paragraphs: Vec<Paragraph>,
}

fn shaped(text: &str) -> Shaped {
    let (words, fonts) = words(text, TextPlace::Title);
    let mut cases = Cases::open(&words, &fonts).unwrap();
    let spans = cases.spans(text);
    let text = spans.iter().map(|(span, _)| span.as_str()).collect();
    Shaped { text, paragraphs: shape(&spans, TextPlace::Title, &mut cases) }
}

impl Shaped {
    fn row(&self) -> Row<'_> {
        let mut rows = self.paragraphs[0].rows(f32::INFINITY, false);
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// Returns the text of each row at a width, in the order in which it is read.
    fn read(&self, width: f32) -> Vec<String> {
        let begins: BTreeSet<usize> = self.row().starts().into_iter().chain([self.text.len()]).collect();
        let end = |start: usize| *begins.range(start + 1..).next().unwrap();
        let text = |row: &Row| {
            let starts: BTreeSet<usize> = row.starts().into_iter().collect();
            starts.into_iter().map(|start| &self.text[start..end(start)]).collect::<String>()
        };
        self.paragraphs[0].rows(width, false).iter().map(text).collect()
    }
}

/// Returns the glyphs of a text, from left to right.
fn glyphs(text: &str) -> Vec<u16> {
    shaped(text).row().glyphs(1.0).iter().map(|(_, glyph)| glyph.glyph).collect()
}

/// Whether implementations differ about where a character without a picture stands (UAX 9, rule X9).
fn is_explicit(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn characters_stand_where_another_implementation_puts_them() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bidi/bidi.tsv");
    let table = std::fs::read_to_string(table).unwrap();
    let (mut same, mut wrong) = (0, Vec::new());
    for line in table.lines() {
        let (text, rest) = line.split_once('\t').unwrap();
        let order = rest.split_once('\t').unwrap().0.split(' ').map(|index| index.parse::<usize>().unwrap());
        let shaped = shaped(text);
        if shaped.text != text {
            continue;
        }
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let starts = shaped.row().starts();
        // Every sign is there, except an alef or a yeh that forms one sign with the letter before it.
        let lost = clusters(text).scan(0, |end, cluster| {
            let start = *end;
            *end += cluster.len();
            Some((start, cluster))
        });
        let lost: Vec<&str> =
            lost.filter(|(start, _)| !starts.contains(start)).map(|(_, cluster)| cluster).collect();
        assert!(
            lost.iter().all(|cluster| cluster.starts_with(['ا', 'أ', 'إ', 'آ', 'ى', 'ي'])),
            "{text}: {lost:?}"
        );
        // A mark stands on its letter, whatever its own place is.
        let wanted: Vec<usize> = order
            .map(|index| characters[index])
            .filter(|(start, character)| starts.contains(start) && !is_explicit(*character))
            .map(|(start, _)| start)
            .collect();
        let found: Vec<usize> =
            starts.into_iter().filter(|start| !is_explicit(text[*start..].chars().next().unwrap())).collect();
        if found == wanted {
            same += 1;
        } else {
            wrong.push(format!("{text}: {found:?} instead of {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), wrong.len() + same, wrong.join("\n"));
    assert!(same >= 500, "only {same} texts have all their glyphs");
}

#[test]
fn brackets_enclose_their_words_in_either_direction() {
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}'), ('«', '»'), ('<', '>')] {
        let [left, right] = [open, close].map(|bracket| glyphs(&format!("a{bracket}a"))[1]);
        for inside in ["קיץ", "السفر", "קיץ 2024", "السفر ٢٠٢٤", "א1"] {
            for text in [format!("{open}{inside}{close}"), format!("{open}{inside}{close} קיץ")] {
                let drawn = glyphs(&text);
                let at = drawn.iter().position(|glyph| *glyph == left || *glyph == right).unwrap();
                assert_eq!((drawn[at], *drawn.last().unwrap()), (left, right), "{text}");
            }
        }
        // Inside a Latin line, they turn as in Latin.
        let latin = glyphs(&format!("Lisbon {open}קיץ{close}"));
        assert_eq!((latin[7], *latin.last().unwrap()), (left, right), "{open}");
    }
}

#[test]
fn letters_join_beside_signs_of_another_face() {
    let word = glyphs("السفر");
    for text in ["(السفر)", "السفر!", "السفر-السفر", "«السفر»2024", "2024:السفر", "السفر🌞"]
    {
        let drawn = glyphs(text);
        assert!(drawn.windows(word.len()).any(|part| part == word), "{text}: {word:?} in {drawn:?}");
    }
    // A mark stays on its letter.
    let marked = shaped("(مُحَمَّد)");
    assert_eq!(marked.row().starts().len(), "(محمد)".chars().count());
}

#[test]
fn rows_are_broken_in_the_order_of_reading_and_put_in_order_by_themselves() {
    let text = shaped("Lisbon קיץ חורף (2024) day-1 שלום");
    let all = text.read(f32::INFINITY);
    assert_eq!(all, [text.text.as_str()]);
    let seen = |width: f32| -> Vec<Vec<usize>> {
        text.paragraphs[0].rows(width, false).iter().map(Row::starts).collect()
    };
    let (first, second) = (text.text.find("קיץ").unwrap(), text.text.find("חורף").unwrap());
    // In one row, the first Hebrew word stands to the right of the second.
    let place = |row: &[usize], start: usize| row.iter().position(|at| *at == start).unwrap();
    let one = seen(f32::INFINITY).remove(0);
    assert!(place(&one, first) > place(&one, second));
    // Where the row ends between them, each is in its own row.
    let mut widths = (10..400).map(|tenths| tenths as f32 / 10.0);
    let width = widths.find(|width| text.read(*width)[0] == "Lisbon קיץ").expect("a width that breaks there");
    assert!(text.read(width)[1].starts_with("חורף"), "{:?}", text.read(width));
}

#[test]
fn no_row_begins_or_ends_on_the_wrong_side_of_a_bracket() {
    for text in [
        "שלום (2024) קיץ (Lisbon) ועוד 12:30-14:00 day-1!",
        "السفر إلى البحر (2024) Lisbon (رحلة) ٢٠٢٤!",
        "Lisbon (קיץ) day (السفر) [2024] «קיץ»!",
    ] {
        let text = shaped(text);
        for tenths in 20..300 {
            let rows = text.read(tenths as f32 / 10.0);
            let joined: String = rows.join(" ").split(' ').collect();
            let plain: String = text.text.split(' ').collect();
            assert_eq!(joined, plain, "{rows:?}");
            for row in rows {
                assert!(!row.starts_with([')', ']', '»', '!', ':']), "{row} of {}", text.text);
                assert!(!row.ends_with(['(', '[', '«']), "{row} of {}", text.text);
            }
        }
    }
}
