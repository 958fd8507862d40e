use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Label;
use crate::Span;

/// Lines longer than this, in bytes, are shown in part.
const LONG: usize = 300;
/// How many bytes of a long line are shown before the labelled place.
const BEFORE: usize = 100;

/// A spec's name and text, as one report shows them.
pub(super) struct Source<'t> {
    name: String,
    original: &'t str,
    /// The original text with long lines shortened (miette draws none beyond 65,535 columns) and control
    /// characters replaced (they could control the terminal).
    shown: String,
    /// The long lines, in order.
    cuts: Vec<Cut>,
}

/// A line that is shown in part: `…kept…`. All ranges are in bytes.
struct Cut {
    /// The line in the original text.
    line: Range<usize>,
    /// The part of the line that is shown, in the original text.
    kept: Range<usize>,
    /// Start of the kept part, and end of the shortened line, in the shown text.
    shown: Range<usize>,
}

impl<'t> Source<'t> {
    pub(super) fn new(name: &str, text: &'t str, labels: &[Label]) -> Self {
        let mut source = Self {
            name: visible(name),
            original: text,
            shown: String::with_capacity(text.len()),
            cuts: Vec::new(),
        };
        let mut start = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            let end = start + line.trim_end_matches(['\n', '\r']).len();
            if end - start > LONG {
                source.cut(start..end, labels);
            } else {
                source.show(start..end);
            }
            source.show(end..start + line.len());
            start += line.len();
        }
        source
    }

    fn show(&mut self, range: Range<usize>) {
        self.shown.extend(self.original[range].chars().map(stand_in));
    }

    fn cut(&mut self, line: Range<usize>, labels: &[Label]) {
        let pointed =
            labels.iter().map(|label| label.span.start).find(|at| line.contains(at)).unwrap_or(line.start);
        let from = self.original.floor_char_boundary(pointed.saturating_sub(BEFORE).max(line.start));
        let to = self.original.floor_char_boundary((from + LONG).min(line.end));
        if from > line.start {
            self.shown.push('…');
        }
        let start = self.shown.len();
        self.show(from..to);
        if to < line.end {
            self.shown.push('…');
        }
        self.cuts.push(Cut { line, kept: from..to, shown: start..self.shown.len() });
    }

    /// Returns the range of `span` in the shown text, extended to whole characters and cut at the end of its
    /// first line.
    pub(super) fn clip(&self, span: Span) -> SourceSpan {
        let (start, end) = clip(self.original, span);
        let first = self.original[start..end].split(['\n', '\r']).next().unwrap_or("");
        let (start, end) = (self.shown_at(start), self.shown_at(start + first.trim_end().len()));
        (start, end.saturating_sub(start)).into()
    }

    /// Converts a byte offset of the original text to one of the shown text.
    fn shown_at(&self, at: usize) -> usize {
        match self.cuts[..self.cuts.partition_point(|cut| cut.line.start <= at)].last() {
            None => at,
            Some(cut) if at > cut.line.end => cut.shown.end + (at - cut.line.end),
            Some(cut) => cut.shown.start + at.clamp(cut.kept.start, cut.kept.end) - cut.kept.start,
        }
    }

    /// Converts a byte offset of the shown text to one of the original text.
    fn original_at(&self, at: usize) -> usize {
        match self.cuts[..self.cuts.partition_point(|cut| cut.shown.start <= at)].last() {
            None => at,
            Some(cut) if at > cut.shown.end => cut.line.end + (at - cut.shown.end),
            Some(cut) => (cut.kept.start + at - cut.shown.start).min(cut.line.end),
        }
    }
}

impl SourceCode for Source<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.shown.read_span(span, before, after)?;
        // miette counts columns in bytes of the shown text; users count characters of their file.
        let column = match contents.column() {
            0 => 0,
            _ => line_and_column(self.original, self.original_at(contents.span().offset())).1 - 1,
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            contents.line_count(),
        )))
    }
}

/// Returns the start and end of `span`, limited to `text` and moved to character boundaries.
pub(super) fn clip(text: &str, span: Span) -> (usize, usize) {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = span.start.saturating_add(span.len).min(text.len());
    (start, text.ceil_char_boundary(end).max(start))
}

/// Returns the line and column of a byte offset, both from 1, the column in characters.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let (mut line, mut start) = (1, 0);
    for (at, letter) in before.iter().enumerate() {
        let after_cr = text.as_bytes().get(at + 1) == Some(&b'\n');
        if *letter == b'\n' || *letter == b'\r' && !after_cr {
            line += 1;
            start = at + 1;
        }
    }
    (line, 1 + text[start..].char_indices().take_while(|(at, _)| start + at < before.len()).count())
}

/// Returns `text` with U+FFFD in place of every control character except line feeds.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Returns a harmless character that is as long in UTF-8 as `c`.
fn stand_in(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => c,
        '\0'..='\u{1f}' | '\u{7f}' => '?',
        '\u{80}'..='\u{9f}' => '\u{bf}',
        // A byte order mark, and marks that change the direction of the text.
        '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}
