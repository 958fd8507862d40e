use std::io::{Error, ErrorKind};

use super::is_disk_full;

/// Returns the operating system's error in plain words, in lower case.
pub fn io_words(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "its disk is read-only".to_owned(),
        _ if is_disk_full(error) => "no space is left on its disk".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
