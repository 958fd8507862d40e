use std::io;

use serde::{Deserialize, Serialize};

/// Why a file, or a part of it, can't be read, in one line for people.
///
/// Every variant except [`MediaError::Io`] depends only on the bytes of the file, and remains true until they
/// change.
#[derive(Clone, PartialEq, Eq, Hash, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaError {
    #[error("the file is empty")]
    Empty,
    #[error("not a photo, a clip or music: {what}")]
    NotMedia {
        /// What the file seems to be instead, with its article.
        what: String,
    },
    #[error("the file ends too early")]
    Truncated,
    #[error("{what}")]
    Unsupported {
        /// What can't be read, as a whole sentence without its full stop.
        what: String,
    },
    #[error("the picture is too large: {width}x{height} pixels")]
    TooLarge { width: u32, height: u32 },
    #[error("there is no moving picture in the file")]
    NoPicture,
    #[error("there is no sound in the file")]
    NoSound,
    #[error("the file is damaged: {reason}")]
    Corrupt { reason: String },
    #[error("cannot read the file: {message}")]
    Io {
        /// The name of the kind of [`io::Error`], such as `permission denied`.
        kind: String,
        message: String,
    },
}

impl MediaError {
    /// Whether reading the same bytes again could succeed; such failures are never cached.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Io { .. })
    }

    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    pub fn not_media(what: impl Into<String>) -> Self {
        Self::NotMedia { what: what.into() }
    }

    pub fn corrupt(reason: impl ToString) -> Self {
        Self::Corrupt { reason: reason.to_string().to_lowercase() }
    }
}

/// Converts a system error. A file that ends early is not a system error, but a property of the file.
impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            kind => {
                let message = error.to_string();
                // The number of the system error means nothing to users.
                let message = message.split(" (os error").next().unwrap_or_default().to_lowercase();
                Self::Io { kind: kind.to_string(), message }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_of_the_system_are_transient() {
        assert!(MediaError::from(io::Error::from(io::ErrorKind::PermissionDenied)).is_transient());
        for error in [MediaError::from(io::Error::from(io::ErrorKind::UnexpectedEof)), MediaError::Empty] {
            assert!(!error.is_transient());
        }
    }

    #[test]
    fn an_error_survives_the_cache() {
        let error = MediaError::TooLarge { width: 90_000, height: 1 };
        let text = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<MediaError>(&text).unwrap(), error);
        assert_eq!(error.to_string(), "the picture is too large: 90000x1 pixels");
    }
}
