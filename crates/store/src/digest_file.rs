use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mmm_base::{Cancel, Digest};

/// How many bytes to read at once: enough for BLAKE3 to use its widest SIMD code.
const BLOCK: usize = 256 * 1024;

/// Returns the digest of a file's bytes, read in blocks.
///
/// The file is read, not memory-mapped, because it may be truncated while it is read.
///
/// # Errors
/// If the file cannot be read, and [`io::ErrorKind::Interrupted`] once `cancel` is set.
pub fn digest_file(path: &Path, cancel: &Cancel) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    loop {
        if cancel.is_cancelled() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match file.read(&mut block) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(count) => hasher.update(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_digests_as_its_bytes_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.bin");
        let bytes: Vec<u8> = (0..BLOCK * 2 + 77).map(|at| (at % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(digest_file(&path, &Cancel::default()).unwrap(), Digest::of(&bytes));
    }

    #[test]
    fn a_cancelled_digest_stops() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"a").unwrap();
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(digest_file(&path, &cancel).unwrap_err().kind(), io::ErrorKind::Interrupted);
    }
}
