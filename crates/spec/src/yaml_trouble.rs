use super::clip_text::clip_text;
use super::comment::comment_after;
use super::yaml_words::{self, BEHIND_A_QUOTE, BEHIND_A_VALUE, Plain};
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};

/// Explains why the text is not YAML from byte `at` on, in terms that a user understands.
///
/// The parser only reports what its grammar expected; the usual cause is a name that needs quotes.
pub(super) fn explain(text: &str, at: usize, info: &str) -> Diagnostic {
    let line = Line::around(text, at);
    if let Some(bracket) = open_bracket(text, line.start) {
        let found = Diagnostic::error(Code::UNREADABLE_YAML, "a bracket is not closed")
            .at(Some(Span::new(bracket, bracket + 1)), "opened here")
            .at(Some(line.place()), "not expected inside the bracket");
        return match comment_from(text, bracket) {
            Some(comment) => found.at(Some(comment), "a comment begins here").help(COMMENT_HELP),
            None => found.help("close the bracket, or put quotes around the name or glob that contains it"),
        };
    }
    let (message, label, help) = line.cause(info);
    let found = Diagnostic::error(Code::UNREADABLE_YAML, message).at(Some(line.place()), label);
    match comment_from(text, line.start) {
        Some(comment) if !line.line.trim_start().starts_with('#') => {
            found.at(Some(comment), "a comment begins here").help(COMMENT_HELP)
        }
        _ => found.help(help),
    }
}

/// Parts of the parser's messages that have another cause than brackets, wherever they are.
const NOT_OF_BRACKETS: &[&str] =
    &["quoted", "tab", "byte order", "recursion", "start with '-'", "\"-\" is only"];

const COMMENT_HELP: &str = "put quotes around the text that contains ` #`";

/// Returns the comment on the line from byte `start` on that looks like a part of a text.
fn comment_from(text: &str, start: usize) -> Option<Span> {
    let line = text[start..].split(['\n', '\r']).next().unwrap_or("");
    let (before, _) = line.split_once(" #")?;
    if before.matches(['"', '\'']).count() % 2 == 1 {
        return None;
    }
    let comment = comment_after(text, start + before.len())?;
    text[comment.start + 1..].starts_with(char::is_alphanumeric).then_some(comment)
}

/// Returns the innermost bracket that is still open at the line that starts at byte `end`.
///
/// Reads just enough YAML to skip quotes, comments and brackets inside words.
fn open_bracket(text: &str, end: usize) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut quote: Option<char> = None;
    let mut before = '\n';
    let mut chars = text[..end].char_indices();
    while let Some((at, c)) = chars.next() {
        let starts_word = before.is_whitespace() || matches!(before, '[' | '{' | ',');
        match (quote, c) {
            (Some('"'), '\\') => drop(chars.next()),
            (Some(mark), _) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if starts_word => quote = Some(c),
            (None, '#') if before.is_whitespace() => {
                chars.by_ref().find(|(_, c)| *c == '\n');
                before = '\n';
                continue;
            }
            (None, '[' | '{') if starts_word || !open.is_empty() => open.push(at),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
        before = c;
    }
    open.pop()
}

/// The line with the error, and the place where the parser stopped.
struct Line<'t> {
    start: usize,
    line: &'t str,
    at: usize,
}

impl<'t> Line<'t> {
    fn around(text: &'t str, at: usize) -> Self {
        let at = text.floor_char_boundary(at.min(text.len()));
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let line = text[start..].split(['\n', '\r']).next().unwrap_or("");
        Self { start, line, at }
    }

    /// Returns the word at which the parser stopped.
    fn place(&self) -> Span {
        let rest = &self.line[(self.at - self.start).min(self.line.len())..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let word = rest[first..].find(char::is_whitespace).unwrap_or(rest.len() - first);
        Span::new(self.at, self.at + first + word)
    }

    /// Returns the value on the line, without `- ` and `key: ` before it.
    fn value(&self) -> &'t str {
        let text = self.line.trim();
        let text = text.strip_prefix("- ").unwrap_or(text).trim_start();
        match text.split_once(": ") {
            Some((key, value)) if !key.contains(['"', '\'', '[', '{']) => value.trim(),
            _ => text,
        }
    }

    fn cause(&self, info: &str) -> (String, &'static str, String) {
        let value = self.value();
        let quoted = format!("put quotes around it: `\"{}\"`", clip_text(value));
        let has = |words: &[&str]| words.iter().any(|word| info.contains(word));
        let directive = self.line.starts_with('%') && has(&["directive", "TAG", "document start"]);
        match info {
            _ if directive => (
                "YAML reads a line that starts with `%` as a directive".into(),
                "a spec has no directives",
                "remove the line, or put quotes around the text".into(),
            ),
            _ if has(&["unknown anchor", "scanning an anchor"]) => (
                format!("YAML reads `{}` as an anchor or alias", clip_text(value)),
                "a word that starts with `*` or `&` needs quotes",
                quoted,
            ),
            _ if info.contains("unexpected character") => {
                ("a YAML value can't start with this character".into(), "needs quotes", quoted)
            }
            _ if has(&["tag", "handle"]) && value.starts_with('!') => {
                (format!("YAML reads `{}` as a tag", clip_text(value)), "needs quotes", quoted)
            }
            _ if value.starts_with(['[', '{']) && !has(NOT_OF_BRACKETS) => (
                "the brackets don't match".into(),
                "here",
                format!("close every bracket; if this is a name or a glob, {quoted}"),
            ),
            _ if value.starts_with(['"', '\'']) && has(BEHIND_A_VALUE) => {
                let Plain { message, label, help, .. } = BEHIND_A_QUOTE;
                (message.into(), label, help.into())
            }
            _ => {
                let Plain { message, label, help, .. } = yaml_words::plain(info);
                (message.into(), label, help.into())
            }
        }
    }
}
