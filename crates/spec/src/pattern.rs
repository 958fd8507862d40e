use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexBuilder};

use super::name_form::normal_name;
use mmm_base::{MediaPath, PathError};

/// Longest path or glob, in bytes.
pub(super) const LONGEST: usize = 4096;

/// The pattern for the whole folder of the spec.
pub(super) const WHOLE: &str = ".";

/// Why a text is not a valid entry of `media`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum PatternError {
    Path(PathError),
    /// What is wrong, as the glob parser reports it.
    Glob(String),
}

/// Returns the normal form of a path or glob below the spec's folder.
///
/// A glob that ends in `/` matches folders and includes everything below them.
pub(super) fn normalise(text: &str) -> Result<String, PatternError> {
    if text.len() > LONGEST {
        return Err(PatternError::Glob(format!("it is longer than {LONGEST} bytes")));
    }
    if text.trim().is_empty() {
        return Err(PatternError::Path(PathError::Empty));
    }
    let pattern = match MediaPath::new(text) {
        Ok(path) => path.as_str().to_owned(),
        Err(PathError::Empty) => return Ok(WHOLE.to_owned()),
        Err(error) => return Err(PatternError::Path(error)),
    };
    if !is_glob(&pattern) {
        return Ok(pattern);
    }
    let pattern = if text.ends_with('/') { pattern + "/**" } else { pattern };
    match glob_set(&pattern) {
        Ok(_) => Ok(pattern),
        Err(error) => Err(PatternError::Glob(match error.kind() {
            globset::ErrorKind::Regex(_) => "it is too large or too deeply nested".to_owned(),
            kind => kind.to_string(),
        })),
    }
}

/// Whether `text` contains a character that has a meaning in globs.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', ']', '{', '}', '\\'])
}

/// Returns the folder that a pattern names if it is a literal name: `a` and `a/**` both mean everything below
/// `a`.
pub(super) fn folder(pattern: &str) -> &str {
    pattern.strip_suffix("/**").unwrap_or(pattern)
}

/// The most memory that a glob may take as a regular expression, in bytes: as much as `globset` allows.
const MOST_MEMORY: usize = 10 << 20;

/// Matches names against a glob, in composed form.
pub(super) struct NameGlob {
    by_bytes: GlobSet,
    /// `globset` matches bytes, so that a `?` is only a part of an `é`, and `É` is not `é`.
    by_characters: Option<Regex>,
}

impl NameGlob {
    /// Returns the matcher of a glob.
    ///
    /// # Errors
    /// If the glob is malformed, which the parser reports.
    pub fn new(pattern: &str) -> Result<Self, globset::Error> {
        let pattern = normal_name(pattern);
        let glob = glob(&pattern)?;
        let text = in_characters(glob.regex());
        let mut builder = RegexBuilder::new(&text);
        let by_characters = builder.dot_matches_new_line(true).size_limit(MOST_MEMORY).build().ok();
        Ok(Self { by_bytes: GlobSetBuilder::new().add(glob).build()?, by_characters })
    }

    /// Whether a name in composed form matches.
    pub fn is_match(&self, name: &str) -> bool {
        match &self.by_characters {
            Some(regex) if !name.is_ascii() => regex.is_match(name),
            _ => self.by_bytes.is_match(name),
        }
    }
}

/// Turns the regular expression of a glob from bytes to characters: `\xc3\xa9` becomes `é`.
fn in_characters(regex: &str) -> String {
    let regex = regex.strip_prefix("(?-u)").unwrap_or(regex);
    let mut bytes = Vec::with_capacity(regex.len());
    let mut rest = regex.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'\\').then(|| after.split_first()).flatten();
        let byte = match escaped {
            Some((b'x', digits)) => digits.get(..2).and_then(|two| str::from_utf8(two).ok()),
            _ => None,
        };
        let byte = byte.and_then(|two| u8::from_str_radix(two, 16).ok());
        let length = match (byte, escaped) {
            (Some(byte), _) => {
                bytes.push(byte);
                4
            }
            (None, Some((second, _))) => {
                bytes.extend([first, *second]);
                2
            }
            (None, None) => {
                bytes.push(first);
                1
            }
        };
        rest = &rest[length..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a pattern matches all that is in a folder, or all files directly in it.
pub fn covers_folder(pattern: &str, path: &str) -> bool {
    let (normal, path) = (normal_name(folder(pattern)), normal_name(path));
    let below = path.strip_prefix(normal.as_ref());
    let is_named = below.is_some_and(|below| below.is_empty() || below.starts_with('/'));
    let is_matched = || NameGlob::new(pattern).is_ok_and(|glob| glob.is_match(&format!("{path}/x")));
    pattern == WHOLE || is_named || is_glob(pattern) && is_matched()
}

/// Returns the matcher of one glob. `*` and `?` don't match `/`. Case is ignored, because cameras write both
/// `.jpg` and `.JPG`.
pub(super) fn glob_set(pattern: &str) -> Result<GlobSet, globset::Error> {
    GlobSetBuilder::new().add(glob(pattern)?).build()
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build()
}

/// Returns a glob that matches only `name`.
pub(super) fn escape(name: &str) -> String {
    globset::escape(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_a_glob_is_a_character_of_the_name() {
        let fits = |pattern: &str, name: &str| NameGlob::new(pattern).unwrap().is_match(&normal_name(name));
        for (pattern, name) in [
            ("caf?.jpg", "caf\u{e9}.jpg"),
            ("caf?.jpg", "cafe\u{301}.jpg"),
            ("CAF\u{c9}.*", "caf\u{e9}.JPG"),
            ("[\u{e0}-\u{e9}]*/x", "\u{e7}a/x"),
            ("[!a]b", "\u{e9}b"),
            ("{\u{e9}t\u{e9},hiver}/**", "E\u{301}te\u{301}/a/b"),
            ("**/\u{41b}*", "\u{43b}\u{435}\u{442}\u{43e}"),
            ("[[]\u{e9}[]]", "[\u{e9}]"),
            ("\u{1f3ac}?", "\u{1f3ac}\u{1f3ac}"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("caf?.jpg", "caf.jpg"),
            ("caf?.jpg", "caf\u{e9}e.jpg"),
            ("[!\u{e9}]b", "\u{e9}b"),
            ("*", "\u{e9}/a"),
            ("[\u{e0}-\u{e9}]", "\u{f9}"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
        assert_eq!(in_characters(r"(?-u)(?i)^\xc3\xa9\.[^/]\\xc3$"), r"(?i)^é\.[^/]\\xc3$");
    }

    #[test]
    fn a_folder_is_covered_by_its_name_a_folder_around_it_or_a_glob() {
        for pattern in [".", "a", "a/b", "a/b/**", "a/*", "**/b/**", "A/b/*", "a/b/*"] {
            assert_eq!(covers_folder(pattern, "a/b"), pattern != "a/*", "{pattern}");
        }
        assert!(!covers_folder("a/b/c", "a/b") && !covers_folder("a", "ab"));
    }
}
