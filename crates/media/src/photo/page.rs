//! Finds the picture of a TIFF whose first picture is only a thumbnail or a mask.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::ifd::{Directory, TiffTags, tag};
use mmm_facts::Orientation;

/// A TIFF as if the directory of the picture to be shown were its first.
///
/// Decoders only read the first picture, so this lets all of them find the right one.
pub(super) struct Page<R> {
    reader: R,
    at: u64,
    /// The place of the offset of the first directory, and what to read instead of it.
    offset: Option<(u64, Vec<u8>)>,
}

impl<R: Read + Seek> Page<R> {
    /// Begins at the start of the file.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn open(mut reader: R) -> io::Result<Self> {
        let offset = match TiffTags::open(&mut reader)? {
            Some(mut tags) => {
                let (first, shown) = pages(&mut tags)?;
                let other = shown.filter(|shown| first.is_some_and(|first| first.start != shown.start));
                other.map(|shown| tags.first_as(shown.start))
            }
            None => None,
        };
        reader.rewind()?;
        Ok(Self { reader, at: 0, offset })
    }
}

/// Returns the orientation of the picture to be shown, or else that of the file's first.
///
/// # Errors
/// If the disk can't be read.
pub(super) fn orientation(reader: &mut (impl Read + Seek)) -> io::Result<Option<Orientation>> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
    let (first, shown) = pages(&mut tags)?;
    for directory in shown.iter().chain(&first) {
        if let Some(number) = tags.number(directory, tag::ORIENTATION)? {
            return Ok(u32::try_from(number).ok().map(Orientation::from_exif));
        }
    }
    Ok(None)
}

/// Returns the first directory, and that of the first picture that is neither reduced nor a mask.
fn pages(tags: &mut TiffTags<impl Read + Seek>) -> io::Result<(Option<Directory>, Option<Directory>)> {
    let directories = tags.directories()?;
    let mut shown = None;
    for directory in &directories {
        // Bits 0 and 2 of NewSubfileType; value 2 of SubfileType, which it replaced (TIFF 6.0, section 8).
        let partial = tags.number(directory, tag::NEW_SUBFILE)?.is_some_and(|kind| kind & 0b101 != 0)
            || tags.number(directory, tag::SUBFILE)? == Some(2);
        if !partial && directory.has(tag::WIDTH) {
            shown = Some(directory.clone());
            break;
        }
    }
    Ok((directories.into_iter().next(), shown))
}

impl<R: Read> Read for Page<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if let Some((place, offset)) = &self.offset {
            for (place, byte) in (*place..).zip(offset) {
                let inside = place.checked_sub(self.at).and_then(|at| usize::try_from(at).ok());
                if let Some(read) = inside.and_then(|at| buffer[..count].get_mut(at)) {
                    *read = *byte;
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
