//! Finds the picture of a TIFF whose first picture is only a thumbnail or a mask.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::ifd::{TiffTags, tag};

/// The place of the offset of the first directory in a TIFF.
const OFFSET_AT: usize = 4;

/// A TIFF as if the directory of the picture to be shown were its first.
///
/// Decoders only read the first picture, so this lets all of them find the right one.
pub(super) struct Page<R> {
    reader: R,
    at: u64,
    /// What to read instead of the offset of the first directory.
    offset: Option<[u8; 4]>,
}

impl<R: Read + Seek> Page<R> {
    /// Begins at the start of the file.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn open(mut reader: R) -> io::Result<Self> {
        let offset = shown(&mut reader)?;
        reader.rewind()?;
        Ok(Self { reader, at: 0, offset })
    }
}

/// Returns the offset of the first picture that is neither reduced nor a mask, as stored in the file; `None` if
/// the first is to be shown.
fn shown(reader: &mut (impl Read + Seek)) -> io::Result<Option<[u8; 4]>> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
    let mut offset = None;
    for (at, directory) in tags.directories()?.iter().enumerate() {
        // Bits 0 and 2 of NewSubfileType; value 2 of SubfileType, which it replaced (TIFF 6.0, section 8).
        let partial = tags.number(directory, tag::NEW_SUBFILE)?.is_some_and(|kind| kind & 0b101 != 0)
            || tags.number(directory, tag::SUBFILE)? == Some(2);
        if !partial && directory.has(tag::WIDTH) {
            offset = (at > 0).then_some(directory.start);
            break;
        }
    }
    let offset = offset.and_then(|offset| u32::try_from(offset).ok());
    let little_endian = tags.is_little_endian();
    Ok(offset.map(|offset| if little_endian { offset.to_le_bytes() } else { offset.to_be_bytes() }))
}

impl<R: Read> Read for Page<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if let Some(offset) = self.offset {
            for (place, byte) in (OFFSET_AT..).zip(offset) {
                let inside = (place as u64).checked_sub(self.at).and_then(|at| usize::try_from(at).ok());
                if let Some(read) = inside.and_then(|at| buffer[..count].get_mut(at)) {
                    *read = byte;
                }
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Seek> Seek for Page<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.reader.seek(to)?;
        Ok(self.at)
    }
}
