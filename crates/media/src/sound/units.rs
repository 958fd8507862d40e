//! Containers that are rows of units, such as pages, each of which states its size. A file that ends within a
//! unit was cut.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// The size of a unit whose own header is cut.
const ENDLESS: u64 = u64::MAX;

/// A unit of more bytes is none: what is read there is something else, or a placeholder.
const MOST_BYTES: u64 = 1 << 40;

/// A container as a row of units.
pub(super) struct Units {
    /// The position of the first unit, in bytes.
    start: u64,
    /// The most bytes that the size of a unit is read from.
    head: u64,
    /// Returns the size of a unit in bytes, with its header; `None` if it isn't known or this is no unit.
    size: fn(&[u8]) -> Option<u64>,
}

impl Units {
    /// Returns the units of the container that libav calls by this name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "ogg" => Self { start: 0, head: 27 + 255, size: ogg_page },
            "caf" => Self { start: 8, head: 12, size: caf_chunk },
            "w64" => Self { start: 40, head: 24, size: w64_chunk },
            _ => return None,
        })
    }

    /// Whether the file ends within a unit. What follows the last unit doesn't count.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn are_cut(&self, path: &Path) -> io::Result<bool> {
        let mut file = BufReader::new(File::open(path)?);
        let end = file.get_ref().metadata()?.len();
        let (mut at, mut head) = (self.start, Vec::new());
        while at < end {
            file.seek(SeekFrom::Start(at))?;
            head.clear();
            file.by_ref().take(self.head).read_to_end(&mut head)?;
            let Some(size) = (self.size)(&head) else { return Ok(false) };
            at = at.saturating_add(size);
        }
        Ok(at > end)
    }
}

/// RFC 3533, section 6: the last field of the header lists the sizes of the segments.
fn ogg_page(head: &[u8]) -> Option<u64> {
    if !head.starts_with(b"OggS") {
        return None;
    }
    let segments = head.get(26).and_then(|count| head.get(27..27 + usize::from(*count)));
    let Some(segments) = segments else { return Some(ENDLESS) };
    let body: u64 = segments.iter().map(|size| u64::from(*size)).sum();
    Some(27 + segments.len() as u64 + body)
}

/// Apple Core Audio Format 1.0, "CAFChunkHeader". The size of the data is −1 if it ends with the file.
fn caf_chunk(head: &[u8]) -> Option<u64> {
    let size = i64::from_be_bytes(*head.get(4..)?.first_chunk()?);
    u64::try_from(size).ok().filter(|size| *size < MOST_BYTES).map(|size| 12 + size)
}

/// Sony Wave64: the size contains the header, and the next chunk begins at a multiple of eight bytes.
fn w64_chunk(head: &[u8]) -> Option<u64> {
    let size = u64::from_le_bytes(*head.get(16..)?.first_chunk()?);
    (24..MOST_BYTES).contains(&size).then(|| size.next_multiple_of(8))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn page(size: usize) -> Vec<u8> {
        let mut segments = vec![255; size / 255];
        segments.push((size % 255) as u8);
        let head = [&b"OggS"[..], &[0; 22], &[segments.len() as u8], &segments].concat();
        [head, vec![7; size]].concat()
    }

    fn are_cut(name: &str, bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        Units::of(name).unwrap().are_cut(file.path()).unwrap()
    }

    #[test]
    fn a_page_that_the_file_ends_in_is_cut() {
        let pages = [page(400), page(4000)].concat();
        assert!(!are_cut("ogg", &pages));
        for less in [1, 3000, 4010] {
            assert!(are_cut("ogg", &pages[..pages.len() - less]), "{less}");
        }
        // Between two pages, nothing shows that a third one is missing; tags may follow the last one.
        assert!(!are_cut("ogg", &page(400)));
        assert!(!are_cut("ogg", &[&pages[..], b"TAG", &[0; 125]].concat()));
    }

    #[test]
    fn a_chunk_of_core_audio_that_the_file_ends_in_is_cut() {
        let chunk = |kind: &[u8], size: i64| [kind, &size.to_be_bytes(), &[1; 40]].concat();
        let whole = [&b"caff\0\x01\0\0"[..], &chunk(b"desc", 40), &chunk(b"data", 40)].concat();
        assert!(!are_cut("caf", &whole));
        assert!(are_cut("caf", &whole[..whole.len() - 1]));
        let open = [&b"caff\0\x01\0\0"[..], &chunk(b"data", -1)].concat();
        assert!(!are_cut("caf", &open));
    }

    #[test]
    fn a_chunk_of_wave64_that_the_file_ends_in_is_cut() {
        let chunk = |size: u64| [&[9; 16][..], &size.to_le_bytes(), &[5; 40]].concat();
        let wave = |size| [&[0; 40][..], &chunk(size)].concat();
        assert!(!are_cut("w64", &wave(64)));
        assert!(are_cut("w64", &wave(80)));
        assert!(!are_cut("w64", &wave(u64::MAX)) && !are_cut("w64", &wave(0)));
    }
}
