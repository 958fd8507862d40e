use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

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
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', ']', '{', '}', '\\'])
}

/// Returns the folder that a pattern names if it is a literal name: `a` and `a/**` both mean everything below
/// `a`.
pub(super) fn folder(pattern: &str) -> &str {
    pattern.strip_suffix("/**").unwrap_or(pattern)
}

/// Returns the matcher of one glob. `*` and `?` don't match `/`. Case is ignored, because cameras write both
/// `.jpg` and `.JPG`.
pub(super) fn glob_set(pattern: &str) -> Result<GlobSet, globset::Error> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build()?;
    GlobSetBuilder::new().add(glob).build()
}

/// Returns a glob that matches only `name`.
pub(super) fn escape(name: &str) -> String {
    globset::escape(name)
}
