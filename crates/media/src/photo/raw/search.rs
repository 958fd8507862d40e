//! Searches a file for JPEGs that nothing points to.

use std::io::{self, Read, Seek, SeekFrom};

/// The bytes that are read at a time.
const BLOCK: usize = 1 << 20;

/// The most places that are looked at; the samples of a sensor look like a JPEG every 16 MB.
const MOST_PLACES: usize = 256;

/// Returns the offsets at which a JPEG seems to begin, within the first `most` bytes.
pub(super) fn jpegs(reader: &mut (impl Read + Seek), most: u64) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    reader.seek(SeekFrom::Start(0))?;
    let mut reader = reader.take(most);
    // The last three bytes of a block stay, so that a beginning between two blocks is found.
    let (mut block, mut start) = (Vec::with_capacity(BLOCK + 3), 0u64);
    loop {
        let kept = block.len();
        let read = reader.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        let begins = |bytes: &[u8]| matches!(bytes, [0xff, 0xd8, 0xff, 0xc0..=0xfe]);
        let offsets = block.windows(4).enumerate().filter(|(_, bytes)| begins(bytes));
        found.extend(offsets.map(|(at, _)| start + at as u64).take(MOST_PLACES - found.len()));
        if read == 0 || found.len() == MOST_PLACES {
            return Ok(found);
        }
        let rest = (kept + read).min(3);
        start += (kept + read - rest) as u64;
        block.drain(..kept + read - rest);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn beginnings_are_found_wherever_blocks_end() {
        for at in [0, 5, BLOCK - 4, BLOCK - 3, BLOCK - 2, BLOCK - 1, BLOCK, BLOCK + 1] {
            let mut bytes = vec![0; BLOCK + 9];
            bytes[at..at + 4].copy_from_slice(b"\xff\xd8\xff\xe0");
            let found = jpegs(&mut Cursor::new(bytes), u64::MAX).unwrap();
            assert_eq!(found, [at as u64]);
        }
    }

    #[test]
    fn a_file_of_beginnings_is_searched_up_to_a_limit() {
        let found = jpegs(&mut Cursor::new(b"\xff\xd8\xff\xdb".repeat(100_000)), u64::MAX).unwrap();
        assert_eq!(found.len(), MOST_PLACES);
        assert!(jpegs(&mut Cursor::new(b""), u64::MAX).unwrap().is_empty());
    }
}
