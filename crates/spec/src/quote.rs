use std::fmt::Write;

/// Returns `text` as one YAML value on one line, in quotes if necessary. It reads back as exactly this text.
pub fn quote(text: &str) -> String {
    if plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // Unusual line breaks, invisible characters, and characters that YAML can't contain.
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Whether YAML reads `text` without quotes as this text, in lists and mappings of any style.
fn plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.'));
    let ends_well = text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | ')'));
    let inside = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '/' | '.' | '(' | ')' | '+');
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    starts_well && ends_well && !word && text.chars().all(inside) && !text.starts_with("...") && !number(text)
}

/// Whether a YAML reader might read `text` as a number.
fn number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
        || text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['/', ' '])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::node::Kind;
    use crate::reader::read;

    fn reads_back(text: &str) -> bool {
        let document = format!("a: {}\nb: [{}]\n", quote(text), quote(text));
        let Ok(Some(root)) = read(&document) else { return false };
        let Kind::Map(entries) = root.kind else { return false };
        let inner = match &entries[1].1.kind {
            Kind::List(items) => items[0].text(),
            _ => None,
        };
        entries[0].1.text() == Some(text) && inner == Some(text)
    }

    #[test]
    fn odd_names_read_back() {
        for text in [
            "",
            " ",
            "a b",
            "it's",
            "say \"hi\"",
            "🎬.jpg",
            "a\nb",
            "!x",
            "#1",
            "a #1",
            "a: b",
            "- a",
            "null",
            "~",
            "1:02",
            "0x1f",
            "...",
            "---",
            "a,b",
            "[a]",
            "{a}",
            "*.jpg",
            "&a",
            "%a",
            "@a",
            "`a`",
            "a\\b",
            "é",
            "\u{85}",
            "\u{2028}",
            "a:",
            "?",
            "? a",
            "trailing ",
            "=",
            "<<",
            "\u{7f}",
            "\u{feff}x",
        ] {
            assert!(reads_back(text), "{text:?} as {}", quote(text));
        }
        assert_eq!(quote("photos/Lisbon 2024/"), "photos/Lisbon 2024/");
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in any::<String>()) {
            prop_assert!(reads_back(&text), "{:?} as {}", text, quote(&text));
        }
    }
}
