use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use super::clip_text::clip_text;
use super::comment::meant_as_text;
use super::node::{Kind, Node, Size};
use super::yaml_trouble::explain;
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};

/// Longest text of a spec, in bytes.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// Most values in a spec, aliases filled in.
const MAX_NODES: usize = 100_000;
/// Most bytes of text in a spec, aliases filled in.
const MAX_BYTES: usize = 4 << 20;
/// Most tags that are reported; each report reads the rest of its line.
const MAX_TAGS: usize = 300;
/// Most nested levels of lists and mappings.
const MAX_DEPTH: usize = 32;

/// Parses the one YAML document in `text` into a tree; `None` if it is empty.
///
/// # Errors
/// If the text as a whole can't be read, contains tags, or is too large.
pub(super) fn read(text: &str) -> Result<Option<Node>, Vec<Diagnostic>> {
    let mut reader = Reader::new(text);
    let outcome = reader.run();
    reader.tags.extend(outcome.err());
    if reader.tags.is_empty() { Ok(reader.root) } else { Err(reader.tags) }
}

struct Reader<'t> {
    text: &'t str,
    /// The byte offset of each character; empty if the text is ASCII.
    starts: Vec<usize>,
    open: Vec<Open>,
    root: Option<Node>,
    /// Finished values that have an anchor, by its number, each with its size.
    anchors: BTreeMap<usize, Rc<(Node, Size)>>,
    /// The size of everything read so far, including the copies in `anchors`.
    total: Size,
    documents: usize,
    /// Diagnostics about tags. They don't stop the reader, so all of them are found.
    tags: Vec<Diagnostic>,
}

/// A list or mapping that has not ended yet.
struct Open {
    anchor: usize,
    node: Node,
    /// The key of a mapping whose value has not been read yet.
    key: Option<Node>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let starts = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().map(|(at, _)| at).collect(),
        };
        Self {
            text,
            starts,
            open: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            total: Size::default(),
            documents: 0,
            tags: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), Diagnostic> {
        let mut parser: Parser<'t, StrInput<'t>> = Parser::new_from_str(self.text);
        while let Some(step) = parser.next_event() {
            let (event, place) =
                step.map_err(|error| explain(self.text, self.byte(error.marker().index()), error.info()))?;
            let span = Span::new(self.byte(place.start.index()), self.byte(place.end.index()));
            self.event(event, span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(_) => return self.document(span),
            Event::Scalar(text, style, anchor, tag) => {
                let forced = self.tag(tag.as_deref(), span);
                let plain = style == ScalarStyle::Plain && !forced;
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let kind = Kind::Scalar { text: text.into_owned(), plain };
                let mut node = self.node(span, block, kind);
                node.comment = if plain { self.comment(span) } else { None };
                self.count(node.size(), span)?;
                return self.add(node, anchor);
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.begin(anchor, span, Kind::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.begin(anchor, span, Kind::Map(Vec::new()))?;
            }
            Event::SequenceEnd | Event::MappingEnd => return self.end(span),
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn document(&mut self, span: Span) -> Result<(), Diagnostic> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Diagnostic::error(Code::SEVERAL_DOCUMENTS, "the spec contains more than one YAML document")
            .at(Some(self.first_line(span)), "a second one starts here")
            .help("remove this line, and put several cuts of one movie under `outputs`"))
    }

    /// Reports a tag; returns true for `!!str`, the only one that is allowed.
    fn tag(&mut self, tag: Option<&saphyr_parser::Tag>, span: Span) -> bool {
        let Some(tag) = tag else { return false };
        if tag.is_yaml_core_schema() && tag.suffix == "str" {
            return true;
        }
        if self.tags.len() >= MAX_TAGS {
            return false;
        }
        let place = self.first_line(span);
        let line = self.line_from(place.start);
        let words = &self.text[line.start..line.end()];
        let end = words.find(|c: char| c.is_whitespace()).unwrap_or(words.len());
        self.tags.push(
            Diagnostic::error(Code::YAML_TAG, format!("YAML reads `{}` as a tag", clip_text(&words[..end])))
                .at(Some(Span::new(place.start, place.start + end)), "needs quotes")
                .help(format!("put quotes around it: `\"{}\"`", clip_text(words))),
        );
        false
    }

    fn begin(&mut self, anchor: usize, span: Span, kind: Kind) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("the spec is nested deeper than {MAX_DEPTH} levels");
            return Err(self.too_large(span, message, "name folders or globs instead of single files"));
        }
        let flow = self.text[span.start..span.end()].ends_with(['[', '{']);
        let node = self.node(span, !flow, kind);
        self.open.push(Open { anchor, node, key: None });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let Some(Open { anchor, mut node, .. }) = self.open.pop() else { return Ok(()) };
        let whole = Span::new(node.span.start, span.end());
        if node.block {
            // The parser reports the end of a block at the next token after it, so use the first line only.
            node.span = self.line_from(node.span.start);
        } else {
            node.block = self.text[whole.start..whole.end()].contains('\n');
            node.span = self.first_line(whole);
        }
        self.count(Size::ONE, node.span)?;
        self.add(node, anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(known) = self.anchors.get(&anchor).cloned() else {
            return Err(Diagnostic::error(
                Code::UNREADABLE_YAML,
                "an alias refers to a value that contains it",
            )
            .at(Some(self.first_line(span)), "this would never end")
            .help("write the value out"));
        };
        let (node, size) = &*known;
        // Count before copying: a short alias can refer to a long text.
        self.count(*size, span)?;
        self.add(node.clone(), 0)
    }

    /// Counts a value before it is stored, and fails if the spec becomes too large.
    fn count(&mut self, size: Size, span: Span) -> Result<(), Diagnostic> {
        self.total = self.total.with(size);
        let (most, help) = match self.total {
            Size { values, .. } if values > MAX_NODES => {
                (format!("{MAX_NODES} values"), "name folders or globs instead of single files")
            }
            Size { bytes, .. } if bytes > MAX_BYTES => {
                (format!("{} MiB of text", MAX_BYTES >> 20), "write a long text once, without aliases to it")
            }
            _ => return Ok(()),
        };
        Err(self.too_large(
            span,
            format!("the spec contains more than {most}, counting what is behind aliases"),
            help,
        ))
    }

    /// Adds a finished value to the list or mapping that contains it.
    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor > 0 {
            let size = node.size();
            self.count(size, node.span)?;
            self.anchors.insert(anchor, Rc::new((node.clone(), size)));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { node: Node { kind: Kind::List(items), .. }, .. }) => items.push(node),
            Some(Open { node: Node { kind: Kind::Map(entries), .. }, key, .. }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node),
            },
            // Only lists and mappings are ever open.
            Some(Open { node: Node { kind: Kind::Scalar { .. }, .. }, .. }) => {}
        }
        Ok(())
    }

    fn too_large(&self, span: Span, message: String, help: &str) -> Diagnostic {
        Diagnostic::error(Code::TOO_LARGE, message)
            .at(Some(self.first_line(span)), "too much from here on")
            .help(help)
    }

    fn node(&self, span: Span, block: bool, kind: Kind) -> Node {
        let line = self.first_line(span);
        Node { span: line, block: block || line.end() < span.end(), kind, comment: None }
    }

    /// Returns the comment right after a scalar that looks like a part of it.
    fn comment(&self, span: Span) -> Option<(Span, String)> {
        let words = self.text[span.start..span.end()].trim_end();
        let end = match self.open.last() {
            // The parser has no place for a value that is missing, so look behind the key.
            Some(Open { key: Some(key), .. }) if words.is_empty() => {
                let after = &self.text[key.span.end()..];
                let colon = after.trim_start_matches([' ', '\t']);
                self.text.len() - colon.strip_prefix(':')?.len()
            }
            _ => span.start + words.len(),
        };
        let comment = meant_as_text(self.text, end)?;
        Some((comment, self.text[comment.start..comment.end()].to_owned()))
    }

    /// Returns the part of `span` on its first line.
    fn first_line(&self, span: Span) -> Span {
        let line = self.text[span.start..span.end()].split(['\n', '\r']).next().unwrap_or("");
        Span::new(span.start, span.start + line.trim_end().len())
    }

    /// Returns the rest of the line from `start`, without a comment at its end.
    fn line_from(&self, start: usize) -> Span {
        let line = self.first_line(Span::new(start, self.text.len()));
        let words = self.text[line.start..line.end()].split(" #").next().unwrap_or("");
        Span::new(start, start + words.trim_end().len())
    }

    /// Converts a character index of the parser to a byte offset.
    fn byte(&self, index: usize) -> usize {
        let byte = if self.starts.is_empty() { Some(index) } else { self.starts.get(index).copied() };
        byte.unwrap_or(self.text.len()).min(self.text.len())
    }
}
