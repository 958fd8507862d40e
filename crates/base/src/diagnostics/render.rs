use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters};

use super::source::{Source, visible};
use super::{Diagnostic, Severity};

/// Renders `diagnostics` for people, one after the other, with excerpts of `source` (its name and its text)
/// at the places that they point at. Lines are at most `width` columns (never less than 40), unless a single
/// word is longer.
pub fn render(diagnostics: &[Diagnostic], source: Option<(&str, &str)>, color: bool, width: usize) -> String {
    let mut theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    theme.characters = ThemeCharacters::unicode();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width.max(40))
        .with_links(false)
        .without_syntax_highlighting();
    let mut text = String::new();
    for diagnostic in diagnostics {
        let source = source
            .filter(|_| !diagnostic.labels.is_empty())
            .map(|(name, text)| Source::new(name, text, &diagnostic.labels));
        let report = Report::new(diagnostic, source.as_ref());
        if handler.render_report(&mut text, &report).is_err() {
            // miette could not draw the excerpt: print the message without it.
            text.push_str(&format!("{}: {}\n", report.code, report.message));
        }
        text.push('\n');
    }
    text
}

/// A diagnostic in the form that miette needs: labels clipped to the text, control characters replaced.
struct Report<'a> {
    code: &'static str,
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Option<&'a Source<'a>>,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &Diagnostic, source: Option<&'a Source<'a>>) -> Self {
        let labels = source.map_or_else(Vec::new, |source| {
            let label = |label: &super::Label| {
                let text = (!label.text.is_empty()).then(|| visible(&label.text));
                LabeledSpan::new_with_span(text, source.clip(label.span))
            };
            diagnostic.labels.iter().map(label).collect()
        });
        Self {
            code: diagnostic.code.as_str(),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            message: visible(&diagnostic.message),
            help: diagnostic.help.as_deref().map(visible),
            source,
            labels,
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.map(|source| source as &dyn SourceCode)
    }
}
