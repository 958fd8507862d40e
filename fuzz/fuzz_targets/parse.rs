//! `cargo +nightly fuzz run parse`: no bytes make the parser of movie.yaml panic, hang, or report a position
//! outside of the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_base::diagnostics::{Diagnostic, render, to_json};
use mmm_spec::{Listing, parse, roots, select};

fuzz_target!(|bytes: &[u8]| {
    let parsed = parse(bytes);
    assert_eq!(parsed.movie.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error));
    if let Ok(text) = str::from_utf8(bytes) {
        for label in parsed.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            assert!(text.get(label.span.start..label.span.end()).is_some());
        }
        render(&parsed.diagnostics, Some(("movie.yaml", text)), true, 80);
        for diagnostic in &parsed.diagnostics {
            to_json(diagnostic, Some(("movie.yaml", text)));
        }
    }
    if let Some(movie) = parsed.movie.as_ref().or(parsed.partial.as_ref()) {
        roots(movie);
        select(movie, &Listing::default());
    }
});
