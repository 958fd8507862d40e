use super::clip_text::clip_text;
use super::comment::comment_after;
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
        match info {
            _ if info.contains("unknown anchor") || info.contains("scanning an anchor") => (
                format!("YAML reads `{}` as an anchor or alias", clip_text(value)),
                "a word that starts with `*` or `&` needs quotes",
                quoted,
            ),
            _ if info.contains("tab") && !info.contains("table") => {
                ("a tab is used where YAML allows only spaces".into(), "here", "indent with spaces".into())
            }
            _ if info.contains("unexpected character") => {
                ("a YAML value can't start with this character".into(), "needs quotes", quoted)
            }
            _ if info.contains("tag") && value.starts_with('!') => {
                (format!("YAML reads `{}` as a tag", clip_text(value)), "needs quotes", quoted)
            }
            _ if info.contains("mapping values are not allowed") || info.contains("placement of ':'") => (
                "the line contains a second `: `".into(),
                "YAML reads this as another key",
                "put quotes around text that contains `: `, and write every key on its own line".into(),
            ),
            _ if value.starts_with(['[', '{']) && !info.contains("quoted") => (
                "the brackets don't match".into(),
                "here",
                format!("close every bracket; if this is a name or a glob, {quoted}"),
            ),
            _ if info.contains("quoted scalar, found unexpected end") => {
                ("a quote is never closed".into(), "the text ends here", "close the quote".into())
            }
            _ if info.contains("escape") => (
                "`\\` in double quotes starts an unknown escape".into(),
                "here",
                "use single quotes, or write `\\\\` for one `\\`".into(),
            ),
            _ if info.contains("indent")
                || info.contains("did not find expected")
                || info.contains("simple key") =>
            {
                (
                    "the text is not YAML from here on".into(),
                    "not expected here",
                    "check that the line is indented like those beside it, and that its key ends in `: `"
                        .into(),
                )
            }
            _ => (
                format!("the text is not YAML from here on: {info}"),
                "here",
                "check quotes, brackets and indentation of this line and the one above".into(),
            ),
        }
    }
}
