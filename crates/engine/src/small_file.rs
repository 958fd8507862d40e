//! Reads the small files of a project: the spec, its lock, lists of beats, colour tables.
//!
//! All reads are bounded, because a name in a project may be a link to an endless device or to a file as
//! large as a disk.

use std::fs::{File, metadata};
use std::io::{Error, Read, Result};
use std::path::Path;

/// The most bytes of a spec that are read: more than the language allows, so that the parser reports a spec
/// that is too long.
const MAX_SPEC: u64 = 2 << 20;
/// Most bytes of a lock.
pub(super) const MAX_LOCK: u64 = 64 << 20;
/// Most bytes of a list of beats.
pub(super) const MAX_BEATS: u64 = 16 << 20;
/// Most bytes of a colour table: the size of the largest one that the parser accepts.
pub(super) const MAX_CUBE: u64 = 512 << 20;

/// Reads a spec, or the first bytes of one that is too long. The spec may be a pipe.
///
/// # Errors
/// If it can't be read.
pub(super) fn read_spec(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SPEC).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a small file.
///
/// # Errors
/// If it can't be read, isn't a regular file, or has more than `most` bytes.
pub(super) fn read_small(path: &Path, most: u64) -> Result<Vec<u8>> {
    let kind = metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::other("it is too large"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_no_file_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read_small(&path, 5).unwrap(), b"12345");
        assert_eq!(read_small(&path, 4).unwrap_err().to_string(), "it is too large");
        assert_eq!(read_small(folder.path(), 4).unwrap_err().kind(), std::io::ErrorKind::IsADirectory);
        assert_eq!(read_small(&folder.path().join("b"), 4).unwrap_err().kind(), std::io::ErrorKind::NotFound);
        let zero = Path::new("/dev/zero");
        assert_eq!(read_small(zero, 4).unwrap_err().to_string(), "it is not a file");
        assert_eq!(read_spec(zero).unwrap().len() as u64, MAX_SPEC);
    }
}
