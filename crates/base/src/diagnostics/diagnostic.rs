use serde::{Deserialize, Serialize};

use super::Code;
use crate::Span;

/// How serious a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// A place in the spec, and a message about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One problem: a stable code, one short message (lower case, no full stop, backticks around names), the
/// places it points at, and what to do about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Places in the spec; empty if the problem is not in the spec.
    pub labels: Vec<Label>,
    /// What to do, as an imperative.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    fn new(code: Code, severity: Severity, message: String) -> Self {
        Self { code, severity, message, labels: Vec::new(), help: None }
    }

    /// Adds a label at a place in the spec; does nothing if `span` is `None`.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.labels.extend(span.map(|span| Label { span, text: text.into() }));
        self
    }

    /// Sets what the user should do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
