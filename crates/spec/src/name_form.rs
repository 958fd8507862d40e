use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Returns a name in Unicode's composed form (NFC), in which names are compared: `é` may be written as one
/// character or as an `e` with an accent behind it, as on disks of Macs.
pub fn normal_name(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || is_nfc_quick(name.chars()) == IsNormalized::Yes {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.nfc().collect())
    }
}

/// Returns a name in the form in which names are equal that differ only in letter case.
pub fn folded_name(name: &str) -> String {
    // Lower case of upper case also joins letters such as `ß` and `ẞ`, or `ς` and `σ`.
    let folded = normal_name(name).to_uppercase().to_lowercase();
    normal_name(&folded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_names_are_equal() {
        for (one, other) in [
            ("Zu\u{308}rich", "Z\u{fc}rich"),
            ("\u{212b}ngstro\u{308}m", "\u{c5}ngstr\u{f6}m"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
            ("\u{3c9}\u{301}", "\u{3ce}"),
            ("e\u{302}\u{323}", "e\u{323}\u{302}"),
        ] {
            assert_eq!(normal_name(one), normal_name(other));
            assert_ne!(one, other);
        }
        assert_ne!(normal_name("e"), normal_name("\u{e9}"));
        assert!(matches!(normal_name("IMG_1.jpg"), Cow::Borrowed(_)));
    }

    #[test]
    fn letter_case_is_ignored_in_every_script() {
        for (one, other) in [
            ("IMG.JPG", "img.jpg"),
            ("\u{c9}t\u{e9}", "E\u{301}TE\u{301}"),
            ("Stra\u{df}e", "STRASSE"),
            ("\u{3a3}\u{3bf}\u{3c6}\u{3cc}\u{3c2}", "\u{3a3}\u{39f}\u{3a6}\u{38c}\u{3a3}"),
            ("\u{41b}\u{435}\u{442}\u{43e}", "\u{43b}\u{435}\u{442}\u{43e}"),
        ] {
            assert_eq!(folded_name(one), folded_name(other));
        }
        assert_ne!(folded_name("a.jpg"), folded_name("a.jpeg"));
    }
}
