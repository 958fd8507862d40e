use std::io::{Error, ErrorKind};

use super::is_disk_full;

/// Returns the operating system's error in plain words, in lower case and without its number.
pub fn io_words(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is a file, not a folder".to_owned(),
        ErrorKind::AlreadyExists => "a file of that name is in the way".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "its disk is read-only".to_owned(),
        _ if is_disk_full(error) => "no space is left on its disk".to_owned(),
        _ => {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or_default().to_lowercase();
            if words.contains("levels of symbolic links") {
                "its links lead in a circle".to_owned()
            } else {
                words
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_has_a_number_or_capitals() {
        for number in 1..140 {
            let words = io_words(&Error::from_raw_os_error(number));
            assert!(!words.contains("os error") && !words.is_empty(), "{number}: {words}");
            assert_eq!(words, words.to_lowercase());
        }
        let circle = Error::from_raw_os_error(if cfg!(target_os = "macos") { 62 } else { 40 });
        assert_eq!(io_words(&circle), "its links lead in a circle");
    }
}
