use super::*;
use crate::Span;

const TEXT: &str = "title: 🎬 Lisbon\nduratoin: 60s\n";

fn mistake() -> Diagnostic {
    Diagnostic::error(Code::UNKNOWN_KEY, "unknown key `duratoin`")
        .at(Some(Span::new(19, 27)), "not a key")
        .help("write `duration`")
}

#[test]
fn a_report_shows_the_place() {
    insta::assert_snapshot!(render(&[mistake()], Some(("movie.yaml", TEXT)), false, 80), @r"
    mmm::spec::unknown-key

      × unknown key `duratoin`
       ╭─[movie.yaml:2:1]
     1 │ title: 🎬 Lisbon
     2 │ duratoin: 60s
       · ────┬───
       ·     ╰── not a key
       ╰────
      help: write `duration`
    ");
}

#[test]
fn columns_count_letters() {
    let film = Diagnostic::error(Code::BAD_VALUE, "no").at(Some(Span::new(12, 18)), "");
    let shown = render(std::slice::from_ref(&film), Some(("m", TEXT)), false, 80);
    assert!(shown.contains("[m:1:10]"), "{shown}");
    let json = to_json(&film, Some(("m", TEXT)));
    assert_eq!(
        (json["labels"][0]["line"].as_u64(), json["labels"][0]["column"].as_u64()),
        (Some(1), Some(10))
    );
}

#[test]
fn json_has_the_documented_fields() {
    assert_eq!(
        to_json(&mistake(), Some(("movie.yaml", TEXT))),
        serde_json::json!({
            "event": "diagnostic",
            "code": "mmm::spec::unknown-key",
            "severity": "error",
            "message": "unknown key `duratoin`",
            "help": "write `duration`",
            "labels": [{"text": "not a key", "line": 2, "column": 1, "end_line": 2, "end_column": 9}],
            "file": "movie.yaml",
        })
    );
    assert_eq!(to_json(&mistake(), None)["file"], serde_json::Value::Null);
}

#[test]
fn places_out_of_range_are_clipped() {
    for (start, len) in [(0, usize::MAX), (9, 1), (500, 3), (usize::MAX, usize::MAX), (8, 0), (34, 1)] {
        let far = Diagnostic::warning(Code::BAD_VALUE, "far").at(Some(Span { start, len }), "here");
        for text in [TEXT, "", "\n\n", "a\r\nb\r\n", "é"] {
            let shown = render(std::slice::from_ref(&far), Some(("m", text)), true, 0);
            assert!(shown.contains("far"), "{start} {len} {text:?}");
            assert!(!shown.contains("Failed to read"), "{start} {len} {text:?}: {shown}");
            assert_eq!(to_json(&far, Some(("m", text)))["labels"].as_array().unwrap().len(), 1);
        }
    }
}

/// miette can't draw more than 65,535 columns, and users don't want to read a tenth of that.
#[test]
fn long_lines_are_shown_in_part() {
    let text =
        format!("a: {}\nb: {}here{}\nc: 1\n", "é".repeat(70_000), "🎬".repeat(50_000), "x".repeat(90_000));
    let at = text.find("here").unwrap();
    let last = text.find("c: 1").unwrap();
    let far = Diagnostic::error(Code::BAD_VALUE, "far")
        .at(Some(Span::new(at, at + 4)), "first")
        .at(Some(Span::new(last, last + 1)), "second");
    let shown = render(std::slice::from_ref(&far), Some(("m", &text)), false, 80);
    assert!(shown.contains("[m:2:50004]"), "{shown}");
    assert!(shown.len() < 4000 && shown.contains("c: 1"), "{shown}");
    let under = |words: &str| {
        let line = shown.lines().position(|line| line.contains(words)).unwrap();
        let marks = shown.lines().nth(line + 1).unwrap();
        marks.chars().filter(|c| matches!(c, '─' | '┬')).count()
    };
    assert_eq!((under("here"), under("c: 1")), (4, 1), "{shown}");
}

#[test]
fn nothing_speaks_to_the_terminal() {
    let text = "title: \u{1b}[2J\u{9b}x\n";
    let loud = Diagnostic::error(Code::BAD_VALUE, "bad \u{1b}]0;x\u{7}").at(Some(Span::new(7, 8)), "\u{1b}");
    let shown = render(&[loud], Some(("m\u{1b}", text)), false, 80);
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
}

#[test]
fn every_code_is_named_once_and_survives_json() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in all_codes() {
        assert!(seen.insert(entry.code), "{} appears twice", entry.code);
        assert!(entry.code.as_str().split("::").count() == 3 && entry.code.as_str().starts_with("mmm::"));
        let json = serde_json::to_string(&entry.code).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), entry.code);
    }
    assert!(serde_json::from_str::<Code>("\"mmm::no::such\"").is_err());
}

/// Compares docs/codes.md with the table; `MMM_BLESS=1` writes it.
#[test]
fn the_page_of_codes_is_current() {
    let mut page = String::from(
        "# Codes\n\nEvery diagnostic of `mmm` has a code. Codes do not change between versions, so you can search \
         for them and programs can act on them. This page is generated from the table in \
         `crates/base/src/diagnostics/codes.rs`.\n",
    );
    let mut room = "";
    for entry in all_codes() {
        let parts: Vec<&str> = entry.code.as_str().split("::").collect();
        if parts[1] != room {
            room = parts[1];
            page += &format!("\n## {room}\n");
        }
        page += &format!("\n### `{}`\n\n{}\n\n**What to do.** {}\n", entry.code, entry.meaning, entry.remedy);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/codes.md");
    if std::env::var_os("MMM_BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap_or_default() == page, "run the tests with MMM_BLESS=1");
}
