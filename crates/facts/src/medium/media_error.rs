use std::io;

use mmm_base::diagnostics::io_words;
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
    #[error("it is a raw photo ({format}) {}", preview_words(*.preview))]
    RawPhoto {
        /// The format's usual name, such as `DNG`.
        format: String,
        /// Width and height of its largest preview that can be decoded.
        preview: Option<(u32, u32)>,
    },
    #[error("the picture is too large: {width}x{height} pixels")]
    TooLarge { width: u32, height: u32 },
    #[error("there is no moving picture in the file")]
    NoPicture,
    #[error("there is no sound in the file")]
    NoSound,
    #[error("the file is damaged: {reason}")]
    Corrupt { reason: String },
    #[error("{message}")]
    Io {
        /// The name of the kind of [`io::Error`], such as `permission denied`.
        kind: String,
        message: String,
    },
}

fn preview_words(preview: Option<(u32, u32)>) -> String {
    match preview {
        Some((width, height)) => {
            format!("whose largest preview has only {width}x{height} pixels, too few to fill a frame")
        }
        None => "without a preview that mmm can show".to_owned(),
    }
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

    /// Returns the error for a damaged file; `reason` is a clause in plain words, never a library's message.
    pub fn corrupt(reason: &str) -> Self {
        Self::Corrupt { reason: reason.to_owned() }
    }

    /// Returns the error for bytes that a decoder rejects without a reason that would help anyone.
    pub fn undecodable() -> Self {
        Self::corrupt("a part of it cannot be decoded")
    }
}

/// Converts a system error. A file that ends early is not a system error, but a property of the file; so is
/// what decoders report as a system error although the system read every byte.
impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&io::Error> for MediaError {
    fn from(error: &io::Error) -> Self {
        // Some decoders wrap the error of the system in one of their own.
        if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()) {
            return Self::from(inner);
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            // Decoders say so about bytes that they can't decode. The system itself calls a seek invalid if
            // a file names a place before its start or beyond all files.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                Self::undecodable()
            }
            io::ErrorKind::Unsupported | io::ErrorKind::OutOfMemory if error.raw_os_error().is_none() => {
                Self::undecodable()
            }
            kind => {
                let message = io_words(error);
                // The number of the system error means nothing to users.
                let message = message.split(" (os error").next().unwrap_or_default().to_owned();
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
        // EIO, as from a scratched card, also if a decoder passes it on as an error of its own.
        let disk = || io::Error::from_raw_os_error(5);
        assert!(MediaError::from(disk()).is_transient());
        assert!(MediaError::from(io::Error::other(disk())).is_transient());
        assert_eq!(MediaError::from(disk()).to_string(), "input/output error");
        let denied = io::Error::from_raw_os_error(13);
        assert_eq!(MediaError::from(denied).to_string(), "permission denied");
    }

    #[test]
    fn damage_that_decoders_call_a_system_error_is_a_property_of_the_file() {
        let by_decoder = [io::Error::other("invalid code"), io::ErrorKind::InvalidData.into()];
        // EINVAL: a seek to a place that no file has.
        for error in by_decoder.into_iter().chain([io::Error::from_raw_os_error(22)]) {
            let error = MediaError::from(error);
            assert!(!error.is_transient());
            assert_eq!(error.to_string(), "the file is damaged: a part of it cannot be decoded");
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
