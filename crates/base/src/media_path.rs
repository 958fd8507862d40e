use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path below the spec's folder: relative, with `/` between its parts, no `.` and no `..`.
///
/// Paths are ordered by their text, which is the order in which folders are listed everywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaPath(String);

/// Why a text is not a path below the spec's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("the path is empty")]
    Empty,
    #[error("the path is absolute")]
    Absolute,
    #[error("the path leaves the folder of the spec")]
    Leaves,
}

impl MediaPath {
    /// Normalizes `text`: drops `.` and doubled `/`, and resolves `..` inside the folder.
    ///
    /// # Errors
    /// If the path is empty, is absolute, or leaves its folder.
    pub fn new(text: &str) -> Result<Self, PathError> {
        if text.starts_with('/') {
            return Err(PathError::Absolute);
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or(PathError::Leaves)?;
                }
                name => parts.push(name),
            }
        }
        if parts.is_empty() { Err(PathError::Empty) } else { Ok(Self(parts.join("/"))) }
    }

    /// Returns the path as text, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last part: the name of the file itself.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns where the file is on this machine if the spec is in `folder`.
    pub fn under(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }
}

impl fmt::Display for MediaPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_confined() {
        assert_eq!(MediaPath::new("./a//b/../c.jpg").unwrap().as_str(), "a/c.jpg");
        assert_eq!(MediaPath::new("/etc/passwd"), Err(PathError::Absolute));
        assert_eq!(MediaPath::new("a/../../b"), Err(PathError::Leaves));
        assert_eq!(MediaPath::new("./"), Err(PathError::Empty));
        assert_eq!(MediaPath::new("a/b.jpg").unwrap().name(), "b.jpg");
    }
}
