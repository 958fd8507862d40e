//! The trailer that Samsung's cameras write behind a JPEG, by the description in ExifTool (`Samsung.pm`).
//!
//! From the end of the file: `SEFT`, the length of the directory, and the directory before them. It begins with
//! `SEFH`, a version and a count, and has for each entry two bytes, its type, how far before the directory it
//! begins, and its length. An entry has two bytes, its type, the length of its name, its name, and its content.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

const END: &[u8; 4] = b"SEFT";
const DIRECTORY: &[u8; 4] = b"SEFH";
const NAME: &[u8] = b"MotionPhoto_Data";

/// The type of the entry with the moving picture.
const MOTION: u16 = 0x0a30;
/// The largest directory in bytes: a thousand entries.
const MOST_DIRECTORY: u64 = 12 * 1000 + 12;

/// Returns the bytes of the moving picture in the trailer; `None` if there is none.
pub(super) fn motion_data(reader: &mut (impl Read + Seek), length: u64) -> io::Result<Option<(u64, u64)>> {
    match read(reader, length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        found => found,
    }
}

fn read(reader: &mut (impl Read + Seek), length: u64) -> io::Result<Option<(u64, u64)>> {
    let Some(tail) = length.checked_sub(8) else { return Ok(None) };
    reader.seek(SeekFrom::Start(tail))?;
    let (size, mark) = (number(reader)?, bytes::<4>(reader)?);
    let start = tail.checked_sub(size).filter(|_| mark == *END && size <= MOST_DIRECTORY);
    let Some(start) = start else { return Ok(None) };
    reader.seek(SeekFrom::Start(start))?;
    if bytes::<4>(reader)? != *DIRECTORY {
        return Ok(None);
    }
    let _version = number(reader)?;
    let count = number(reader)?.min(size / 12);
    for _ in 0..count {
        let [_, _, low, high] = bytes::<4>(reader)?;
        let (before, size) = (number(reader)?, number(reader)?);
        if u16::from_le_bytes([low, high]) == MOTION {
            let entry = start.checked_sub(before);
            return entry.map_or(Ok(None), |entry| content(reader, (entry, entry + size), start));
        }
    }
    Ok(None)
}

/// Returns the content of an entry, which ends before the directory at `start`.
fn content(
    reader: &mut (impl Read + Seek),
    (from, to): (u64, u64),
    start: u64,
) -> io::Result<Option<(u64, u64)>> {
    reader.seek(SeekFrom::Start(from + 4))?;
    let name = number(reader)?;
    if name != NAME.len() as u64 || bytes::<16>(reader)? != *NAME || to > start {
        return Ok(None);
    }
    Ok(Some((from + 8 + name, to)).filter(|(from, to)| from < to))
}

fn number(reader: &mut impl Read) -> io::Result<u64> {
    Ok(u64::from(u32::from_le_bytes(bytes(reader)?)))
}

fn bytes<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
