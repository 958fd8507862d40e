use super::check::{Check, Here};
use super::clip_text::clip_text;
use super::node::Node;
use super::shape::Shape;
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};

/// Returns a comment after byte `end` of `text`, on the same line, that looks like a part of what is before it:
/// `Day #1`, `Best of # 3`, but not `a.jpg # the best one`.
///
/// People who mean a comment put a space after the `#`, and comment out keys such as `#title: B`.
pub(super) fn meant_as_text(text: &str, end: usize) -> Option<Span> {
    let comment = comment_after(text, end)?;
    let words = &text[comment.start + 1..comment.end()];
    let is_number = || words.trim().chars().all(|c| c.is_ascii_digit()) && !words.trim().is_empty();
    let is_meant = words.starts_with(char::is_alphanumeric) && !words.contains(": ") && !words.ends_with(':');
    (is_meant || is_number()).then_some(comment)
}

/// Returns the comment after byte `end` of `text`, on the same line.
pub(super) fn comment_after(text: &str, end: usize) -> Option<Span> {
    let rest = text.get(end..)?;
    let comment = rest.trim_start_matches([' ', '\t']);
    // The line is read only where a comment begins: a long line may hold many values.
    comment.strip_prefix('#')?;
    let line = comment.split(['\n', '\r']).next().unwrap_or("").trim_end();
    let start = end + rest.len() - comment.len();
    Some(Span::new(start, start + line.len()))
}

impl Check {
    /// Warns of a text or a path that YAML cuts off at a comment.
    pub(super) fn cut_off(&mut self, node: &Node, shape: &Shape, here: &Here) {
        let Some((span, comment)) = &node.comment else { return };
        if !matches!(shape, Shape::Text { .. } | Shape::File | Shape::FileEnding(_) | Shape::Pattern { .. }) {
            return;
        }
        let (rest, read) = (clip_text(comment), node.text().unwrap_or_default());
        let message = match read {
            "" => format!("{} is empty, because YAML takes `{rest}` for a comment", here.name),
            read => {
                format!(
                    "{} is only `{}`, because YAML takes `{rest}` for a comment",
                    here.name,
                    clip_text(read)
                )
            }
        };
        let whole = format!("{read} {comment}").trim_start().replace('\\', "\\\\").replace('"', "\\\"");
        let help = format!(
            "put quotes around it: `\"{}\"`; if it is a comment, write a space after the `#`",
            clip_text(&whole)
        );
        let warning = Diagnostic::warning(Code::COMMENT_IN_TEXT, message);
        self.diagnostics.push(warning.at(Some(*span), "a comment").help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_text_is_told_from_a_comment() {
        let found = |line: &str| meant_as_text(line, line.find(" #").unwrap_or(line.len())).is_some();
        for line in ["Day #1", "Day  #1 of 3", "Day\t #one", "Best of # 3", "Été #été", "sun #lisbon #summer"]
        {
            assert!(found(line), "{line}");
        }
        for line in [
            "Day",
            "Day # one",
            "Day #",
            "Day ##",
            "Day #!",
            "Day #-----",
            "Day # 1 to 3",
            "Day #title: Night",
            "Day #style:",
            "C#1",
        ] {
            assert!(!found(line), "{line}");
        }
    }
}
