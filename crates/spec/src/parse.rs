use super::check::{Check, Here};
use super::node::Node;
use super::reader::{MAX_TEXT, read};
use super::vocabulary::MOVIE;
use super::{Movie, SpanMap};
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};

/// Most mistakes that are reported at once.
const MOST: usize = 100;

/// The result of reading a spec.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parsed {
    /// `None` exactly if there is an error among the diagnostics.
    pub movie: Option<Movie>,
    /// The movie without the keys that have errors, unless `media` itself has one. It serves to report
    /// missing files in the same run, and is not built.
    pub partial: Option<Movie>,
    pub spans: SpanMap,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the bytes of a movie.yaml and finds all mistakes in it at once.
pub fn parse(bytes: &[u8]) -> Parsed {
    let mut check = Check::default();
    let movie = match text_of(bytes).map_err(|error| vec![*error]).and_then(read) {
        Ok(root) => check.spec(root),
        Err(diagnostics) => {
            check.diagnostics = diagnostics;
            None
        }
    };
    let diagnostics = in_order(std::mem::take(&mut check.diagnostics));
    let is_right = !diagnostics.iter().any(Diagnostic::is_error);
    let (movie, partial) = match movie {
        Some(movie) if is_right => (Some(movie), None),
        movie => (None, movie.filter(|movie| check.has_all_media(movie))),
    };
    Parsed { movie, partial, spans: check.spans, diagnostics }
}

impl Check {
    fn spec(&mut self, root: Option<Node>) -> Option<Movie> {
        let Some(root) = root.filter(|root| !root.is_null()) else {
            self.diagnostics.push(Diagnostic::error(Code::MISSING_KEY, "the spec is empty").help(
                "write at least one line, such as `media: [photos/]`, or run `mmm init` for a whole spec",
            ));
            return None;
        };
        let here = Here::top(root.span);
        let fields = self.table(&root, &MOVIE, &here)?;
        Some(self.movie(&fields))
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    if bytes.len() > MAX_TEXT {
        return Err(Box::new(
            Diagnostic::error(Code::TOO_LARGE, format!("the spec is longer than {} KiB", MAX_TEXT / 1024))
                .help("name folders or globs instead of single files"),
        ));
    }
    str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let message = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the spec is UTF-16, not UTF-8".to_owned(),
            _ => format!("the spec is not UTF-8: the byte 0x{byte:02X} in line {line}"),
        };
        Box::new(Diagnostic::error(Code::NOT_UTF8, message).help("save the file as UTF-8"))
    })
}

/// Sorts by place, removes duplicates (an alias repeats the mistakes of its value), and limits the number.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place =
        |diagnostic: &Diagnostic| diagnostic.labels.first().map_or(Span::default(), |label| label.span);
    diagnostics.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
    diagnostics.dedup();
    let more = diagnostics.len().saturating_sub(MOST);
    if more > 0 {
        diagnostics.truncate(MOST);
        let message = format!("{more} more mistakes are not shown");
        diagnostics
            .push(Diagnostic::error(Code::TOO_MANY, message).help("fix these first, then check again"));
    }
    diagnostics
}
