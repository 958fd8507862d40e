use proptest::prelude::*;

use super::RICH;
use crate::{Listing, parse, roots, select};
use mmm_base::diagnostics::{Diagnostic, render, to_json};

/// Words that only the parser of YAML uses.
const PARSERS_WORDS: [&str; 6] =
    ["scalar", "simple key", "token", "while parsing", "while scanning", "indicator"];

/// Checks that any bytes give no panic, a movie exactly if there is no error, labels inside the text, and the
/// same result each time.
fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    let parsed = parse(bytes);
    prop_assert_eq!(parsed.movie.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error));
    if let Ok(text) = str::from_utf8(bytes) {
        for label in parsed.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            prop_assert!(text.get(label.span.start..label.span.end()).is_some(), "{label:?}");
        }
        for diagnostic in parsed.diagnostics.iter().take(3) {
            let shown = render(std::slice::from_ref(diagnostic), Some(("m", text)), false, 80);
            prop_assert!(!shown.contains("Failed to read"), "{}", shown);
            to_json(diagnostic, Some(("m", text)));
        }
    }
    for diagnostic in &parsed.diagnostics {
        let is_parsers = |words: &&&str| diagnostic.message.contains(**words);
        let found = PARSERS_WORDS.iter().find(is_parsers);
        prop_assert!(found.is_none(), "{}", diagnostic.message);
    }
    if let Some(movie) = &parsed.movie {
        roots(movie);
        select(movie, &Listing::default());
    }
    prop_assert_eq!(parse(bytes), parsed);
    Ok(())
}

/// Generates fragments of YAML and of the language, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "media", "music", "style", "outputs", "path", "in", "a.mp4", ": ", ":", "\n", "\n  ", "- ", "[", "]",
        "{", "}", ", ", "\"", "'", "&a ", "*a", "!", "|\n", ">\n", "# x", "---", "...", "\t", "\r\n", "é",
        "🎬", "3s", "..", "-14 LUFS", "%", "? ", "\u{feff}", "\0", "~", "<<", "0x1", "\\", "**/*.jpg",
        "\u{85}", " ", "-",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds(&bytes)?;
    }

    #[test]
    fn any_text(text in any::<String>()) {
        holds(text.as_bytes())?;
    }

    #[test]
    fn any_pieces(text in pieces()) {
        holds(text.as_bytes())?;
        holds(format!("media: a\n{text}").as_bytes())?;
    }

    #[test]
    fn a_right_spec_with_a_wound(
        at in 0..RICH.len(),
        length in 0_usize..40,
        piece in pieces(),
    ) {
        let mut bytes = RICH.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, piece.into_bytes());
        holds(&bytes)?;
    }
}
