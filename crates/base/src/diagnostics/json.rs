use serde_json::{Value, json};

use super::source::{clip, line_and_column};
use super::{Diagnostic, Label};

/// Returns one diagnostic as an event of the `--json` stream.
///
/// Lines and columns count from 1, columns in characters; a label's end is the place after its last
/// character. Without a source, labels are left out because their lines are unknown.
pub fn to_json(diagnostic: &Diagnostic, source: Option<(&str, &str)>) -> Value {
    let labels: Vec<Value> = match source {
        Some((_, text)) => diagnostic.labels.iter().map(|label| label_json(label, text)).collect(),
        None => Vec::new(),
    };
    json!({
        "event": "diagnostic",
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "labels": labels,
        "file": source.map(|(name, _)| name),
    })
}

fn label_json(label: &Label, text: &str) -> Value {
    let (start, end) = clip(text, label.span);
    let ((line, column), (end_line, end_column)) = (line_and_column(text, start), line_and_column(text, end));
    json!({
        "text": label.text,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    })
}
