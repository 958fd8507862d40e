//! Walks the directories (IFDs) of TIFF files, which most raw photos are, too (TIFF 6.0, section 2), and of
//! BigTIFF files, whose counts and offsets are larger.
//!
//! Nothing is allocated by a number in the file: directories, entries and values are bounded, and what lies
//! outside of the file counts as absent.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// The most directories that are read; cameras write up to ten.
const MOST_DIRECTORIES: usize = 64;
/// The most entries of a directory; cameras write up to a hundred.
const MOST_ENTRIES: usize = 1000;
/// The most numbers of one entry that are read.
const MOST_NUMBERS: u64 = 64;

/// Tags, as numbered by TIFF 6.0, TIFF/EP and DNG.
pub(crate) mod tag {
    pub const NEW_SUBFILE: u16 = 0xfe;
    pub const SUBFILE: u16 = 0xff;
    pub const WIDTH: u16 = 0x100;
    pub const HEIGHT: u16 = 0x101;
    pub const BITS: u16 = 0x102;
    pub const COMPRESSION: u16 = 0x103;
    pub const PHOTOMETRIC: u16 = 0x106;
    pub const MAKE: u16 = 0x10f;
    pub const MODEL: u16 = 0x110;
    pub const STRIP_OFFSETS: u16 = 0x111;
    pub const ORIENTATION: u16 = 0x112;
    pub const STRIP_BYTES: u16 = 0x117;
    pub const PLANAR: u16 = 0x11c;
    pub const TILE_OFFSETS: u16 = 0x144;
    pub const TILE_BYTES: u16 = 0x145;
    pub const SUB_DIRECTORIES: u16 = 0x14a;
    pub const SAMPLE_FORMAT: u16 = 0x153;
    pub const JPEG_OFFSET: u16 = 0x201;
    pub const JPEG_BYTES: u16 = 0x202;
    pub const EXIF: u16 = 0x8769;
    pub const GPS: u16 = 0x8825;
    pub const DNG_VERSION: u16 = 0xc612;
}

/// A TIFF file, or a raw photo that is built like one.
pub(crate) struct TiffTags<R> {
    reader: R,
    little_endian: bool,
    /// Whether it is a BigTIFF.
    big: bool,
    first: u64,
}

/// One directory: the tags of one picture, or of a part of the EXIF block.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    entries: Vec<Entry>,
    /// The offset of its first byte.
    pub start: u64,
    /// The offset after its last byte.
    end: u64,
    next: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// The value itself if it fits, else its offset; four bytes, or eight in a BigTIFF.
    field: [u8; 8],
    room: u64,
}

impl Entry {
    /// Returns the bytes of one number of its type; 0 if the type is unknown.
    fn width(self) -> u64 {
        match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }

    fn bytes(self) -> u64 {
        self.width().saturating_mul(self.count)
    }
}

/// Turns the end of the file into `None`.
fn unless_ended<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

impl<R: Read + Seek> TiffTags<R> {
    /// Reads the header. `None` if the bytes don't begin like a TIFF or a raw photo that is built like one
    /// (Olympus and Panasonic replace the number 42).
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn open(mut reader: R) -> io::Result<Option<Self>> {
        let mut head = [0; 8];
        reader.seek(SeekFrom::Start(0))?;
        if unless_ended(reader.read_exact(&mut head))?.is_none() {
            return Ok(None);
        }
        let (little_endian, big) = match &head[..4] {
            b"II*\0" | b"IIU\0" | b"IIRO" | b"IIRS" => (true, false),
            b"MM\0*" | b"MMOR" => (false, false),
            b"II+\0" => (true, true),
            b"MM\0+" => (false, true),
            _ => return Ok(None),
        };
        let mut offset = [0; 8];
        if big && unless_ended(reader.read_exact(&mut offset))?.is_none() {
            return Ok(None);
        } else if !big {
            offset[..4].copy_from_slice(&head[4..]);
        }
        let mut tags = Self { reader, little_endian, big, first: 0 };
        tags.first = tags.offset(offset);
        Ok(Some(tags))
    }

    /// Returns the place of the offset of the first directory, and `offset` as it would be stored there.
    pub fn first_as(&self, offset: u64) -> (u64, Vec<u8>) {
        let bytes = if self.little_endian { offset.to_le_bytes() } else { offset.to_be_bytes() };
        match (self.big, self.little_endian) {
            (true, _) => (8, bytes.to_vec()),
            (false, true) => (4, bytes[..4].to_vec()),
            (false, false) => (4, bytes[4..].to_vec()),
        }
    }

    pub fn is_little_endian(&self) -> bool {
        self.little_endian
    }

    pub fn is_big(&self) -> bool {
        self.big
    }

    pub fn into_reader(self) -> R {
        self.reader
    }

    fn short(&self, bytes: [u8; 2]) -> u16 {
        if self.little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    fn long(&self, bytes: [u8; 4]) -> u32 {
        if self.little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    fn long_long(&self, bytes: [u8; 8]) -> u64 {
        if self.little_endian { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) }
    }

    /// Returns the offset in a field, which has only four bytes unless it is of a BigTIFF.
    fn offset(&self, field: [u8; 8]) -> u64 {
        let [a, b, c, d, ..] = field;
        if self.big { self.long_long(field) } else { u64::from(self.long([a, b, c, d])) }
    }

    /// Seeks to an offset; returns whether files can have it.
    fn seek(&mut self, offset: u64) -> io::Result<bool> {
        let possible = i64::try_from(offset).is_ok();
        if possible {
            self.reader.seek(SeekFrom::Start(offset))?;
        }
        Ok(possible)
    }

    /// Returns all directories of pictures: the main ones in order, each followed by its sub-directories.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn directories(&mut self) -> io::Result<Vec<Directory>> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        // The last one is read next.
        let mut waiting = vec![self.first];
        while let Some(offset) = waiting.pop() {
            if offset == 0 || found.len() == MOST_DIRECTORIES || !seen.insert(offset) {
                continue;
            }
            let Some(directory) = self.directory(offset)? else { continue };
            waiting.push(directory.next);
            waiting.extend(self.numbers(&directory, tag::SUB_DIRECTORIES)?.into_iter().rev());
            found.push(directory);
        }
        Ok(found)
    }

    /// Returns the first directory, which also has the facts about the whole file.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn main(&mut self) -> io::Result<Option<Directory>> {
        self.directory(self.first)
    }

    /// Returns the directory at `offset`, as far as it lies in the file.
    fn directory(&mut self, offset: u64) -> io::Result<Option<Directory>> {
        let (head, step, room) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let mut count = [0; 8];
        if !self.seek(offset)? || unless_ended(self.reader.read_exact(&mut count[..head]))?.is_none() {
            return Ok(None);
        }
        let [a, b, ..] = count;
        let count = if self.big { self.long_long(count) } else { u64::from(self.short([a, b])) };
        let count = usize::try_from(count).unwrap_or(MOST_ENTRIES).min(MOST_ENTRIES);
        let mut bytes = Vec::new();
        (&mut self.reader).take((count * step + room) as u64).read_to_end(&mut bytes)?;
        let (entries, rest) = bytes.split_at(bytes.len().min(count * step));
        let entries = entries.chunks_exact(step).map(|bytes| self.entry(bytes, room)).collect();
        let next = rest.get(..room).map_or(0, |next| self.offset(padded(next)));
        Ok(Some(Directory { entries, start: offset, end: offset + (head + bytes.len()) as u64, next }))
    }

    /// Returns the entry in its bytes, whose count and field have `room` bytes each.
    fn entry(&self, bytes: &[u8], room: usize) -> Entry {
        let short = |at: usize| self.short([bytes[at], bytes[at + 1]]);
        let (count, field) = bytes[4..].split_at(room);
        let count = self.offset(padded(count));
        Entry { tag: short(0), kind: short(2), count, field: padded(field), room: room as u64 }
    }

    /// Returns the directory that a tag points to, such as that of the EXIF block.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn linked(&mut self, directory: &Directory, tag: u16) -> io::Result<Option<Directory>> {
        match self.number(directory, tag)? {
            Some(offset) => self.directory(offset),
            None => Ok(None),
        }
    }

    /// Returns the offset and the bytes of a value, which may lie outside of the file.
    pub fn place(&self, directory: &Directory, tag: u16) -> Option<(u64, u64)> {
        let entry = directory.entry(tag)?;
        (entry.bytes() > entry.room).then(|| (self.offset(entry.field), entry.bytes()))
    }

    /// Returns the whole numbers of a tag, at most the first ones of very many; none if it is absent.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn numbers(&mut self, directory: &Directory, tag: u16) -> io::Result<Vec<u64>> {
        let Some(entry) = directory.entry(tag) else { return Ok(Vec::new()) };
        let width = entry.width();
        if !matches!(entry.kind, 1 | 3 | 4 | 7 | 13 | 16 | 18) {
            return Ok(Vec::new());
        }
        let most = entry.count.min(MOST_NUMBERS) * width;
        let bytes = self.value(entry, most)?;
        Ok(match width {
            1 => bytes.into_iter().map(u64::from).collect(),
            2 => bytes.as_chunks().0.iter().map(|bytes| u64::from(self.short(*bytes))).collect(),
            4 => bytes.as_chunks().0.iter().map(|bytes| u64::from(self.long(*bytes))).collect(),
            _ => bytes.as_chunks().0.iter().map(|bytes| self.long_long(*bytes)).collect(),
        })
    }

    /// Returns the first number of a tag.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn number(&mut self, directory: &Directory, tag: u16) -> io::Result<Option<u64>> {
        Ok(self.numbers(directory, tag)?.first().copied())
    }

    /// Returns a text without what follows its first zero; at most 64 bytes.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn text(&mut self, directory: &Directory, tag: u16) -> io::Result<String> {
        let Some(entry) = directory.entry(tag).filter(|entry| entry.kind == 2) else {
            return Ok(String::new());
        };
        let bytes = self.value(entry, entry.bytes().min(64))?;
        let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// Returns at most `most` bytes of a value.
    fn value(&mut self, entry: Entry, most: u64) -> io::Result<Vec<u8>> {
        if entry.bytes() <= entry.room {
            return Ok(entry.field[..entry.bytes() as usize].to_vec());
        }
        let mut bytes = Vec::new();
        if self.seek(self.offset(entry.field))? {
            (&mut self.reader).take(most).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Returns the offset after the last byte of a directory and of its values, except values of more than
    /// `most` bytes.
    pub fn extent(&self, directory: &Directory, most: u64) -> u64 {
        let is_outside = |entry: &&Entry| (entry.room + 1..=most).contains(&entry.bytes());
        let outside = directory.entries.iter().filter(is_outside);
        let ends = outside.map(|entry| self.offset(entry.field).saturating_add(entry.bytes()));
        ends.max().unwrap_or(0).max(directory.end)
    }
}

/// Returns the bytes with zeros behind them.
fn padded(bytes: &[u8]) -> [u8; 8] {
    let mut padded = [0; 8];
    padded[..bytes.len()].copy_from_slice(bytes);
    padded
}

impl Directory {
    fn entry(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    pub fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn directories_in_a_circle_are_each_read_once() {
        // Two directories without entries, each of which names the other as the next.
        let bytes = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\0\0\x08\0\0\0";
        let mut tags = TiffTags::open(Cursor::new(bytes)).unwrap().unwrap();
        assert_eq!(tags.directories().unwrap().len(), 2);
    }

    #[test]
    fn what_lies_outside_of_the_file_is_absent() {
        let mut tags = TiffTags::open(Cursor::new(b"MM\0*\xff\xff\xff\xff")).unwrap().unwrap();
        assert!(tags.directories().unwrap().is_empty());
        // One entry that promises four billion numbers beyond the end.
        let bytes = b"MM\0*\0\0\0\x08\0\x01\x01\x4a\0\x04\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0";
        let mut tags = TiffTags::open(Cursor::new(bytes)).unwrap().unwrap();
        let found = tags.directories().unwrap();
        assert_eq!(found.len(), 1);
        assert!(tags.numbers(&found[0], tag::SUB_DIRECTORIES).unwrap().is_empty());
        // A BigTIFF whose only entry, and next directory, lie beyond the end of any file.
        let bytes = b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x01\x01\x4a\0\x10";
        let bytes = [bytes.as_slice(), &[0xff; 24]].concat();
        let mut tags = TiffTags::open(Cursor::new(bytes)).unwrap().unwrap();
        let found = tags.directories().unwrap();
        assert_eq!(found.len(), 1);
        assert!(tags.numbers(&found[0], tag::SUB_DIRECTORIES).unwrap().is_empty());
        tags.extent(&found[0], u64::MAX);
    }
}
