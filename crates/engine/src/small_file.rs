//! Reads the files of a project that are small by nature: the spec, its lock, lists of beats, tables of colours.
//!
//! A name in a project may be a link to a device that never ends, or to a file as large as a disk.

use std::fs::{File, metadata};
use std::io::{Error, Read, Result};
use std::path::Path;

/// Most bytes of a spec that are read: more than the language allows, so that the reader reports one that is too long.
const MAX_SPEC: u64 = 2 << 20;
/// Most bytes of a lock.
pub(super) const MAX_LOCK: u64 = 64 << 20;
/// Most bytes of a list of beats.
pub(super) const MAX_BEATS: u64 = 16 << 20;
/// Most bytes of a table of colours: that of the largest one that is understood.
pub(super) const MAX_CUBE: u64 = 512 << 20;

/// The bytes of a spec, or the first of one that is too long. It may come out of a pipe.
///
/// # Errors
/// When it can't be read.
pub(super) fn read_spec(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SPEC).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of a small file.
///
/// # Errors
/// When it can't be read, is no regular file, or has more than `most` bytes.
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
