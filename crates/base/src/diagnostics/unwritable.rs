use std::io::{Error, ErrorKind};
use std::path::Path;

use super::{Code, Diagnostic, io_words};

/// Whether an error of the operating system means that a disk, or the user's share of it, is full.
pub fn is_disk_full(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Returns the diagnostic for a file that can't be written.
pub fn unwritable(path: &Path, error: &Error) -> Diagnostic {
    let message = format!("`{}` can't be written: {}", path.display(), io_words(error));
    let (code, help) = if is_disk_full(error) {
        (
            Code::OUTPUT_DISK_FULL,
            "free space on the disk of that file, and run the command again: finished work is in the cache",
        )
    } else {
        (Code::OUTPUT_UNWRITABLE, "name a file in a folder that you can write to")
    };
    Diagnostic::error(code, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_a_code_of_its_own() {
        let code = |kind: ErrorKind| unwritable(Path::new("a/b.mp4"), &kind.into()).code;
        assert_eq!(code(ErrorKind::StorageFull), Code::OUTPUT_DISK_FULL);
        assert_eq!(code(ErrorKind::QuotaExceeded), Code::OUTPUT_DISK_FULL);
        assert_eq!(code(ErrorKind::PermissionDenied), Code::OUTPUT_UNWRITABLE);
        let full = unwritable(Path::new("a/b.mp4"), &ErrorKind::StorageFull.into());
        assert_eq!(full.message, "`a/b.mp4` can't be written: no space is left on its disk");
        assert!(full.help.is_some_and(|help| help.starts_with("free space")));
    }
}
