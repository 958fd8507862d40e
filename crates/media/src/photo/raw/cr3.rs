//! The boxes of a CR3 (ISO/IEC 14496-12, with boxes of Canon).

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// The boxes that contain others: a movie, its tracks, and what is in them.
const CONTAINERS: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];

/// The blocks of EXIF: main tags, exposure, place.
const BLOCKS: [&[u8; 4]; 3] = [b"CMT1", b"CMT2", b"CMT4"];

/// The most boxes that are looked at.
const MOST_BOXES: usize = 1000;
/// The deepest box that is opened.
const MOST_DEPTH: usize = 8;
/// The largest block of EXIF in bytes.
const MOST_BLOCK_BYTES: u64 = 1 << 20;
/// How far from the start of its box a preview begins at most.
const MOST_PREFIX: u64 = 64;

/// What a CR3 contains besides the samples of its sensor.
#[derive(Default)]
pub(super) struct Cr3 {
    /// The EXIF blocks, in the order of [`BLOCKS`], each of which is a TIFF; empty if absent.
    pub blocks: Vec<Vec<u8>>,
    /// Offset and length of each preview.
    pub pictures: Vec<(u64, u64)>,
    /// The size of the first sample of the current track.
    sample: Option<u64>,
    boxes: usize,
}

/// The content of a box.
#[derive(Clone, Copy)]
struct Content {
    from: u64,
    to: u64,
}

impl Cr3 {
    /// Reads the boxes up to the first one that is damaged.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn read(reader: &mut (impl Read + Seek)) -> io::Result<Self> {
        let mut cr3 = Self { blocks: vec![Vec::new(); BLOCKS.len()], ..Self::default() };
        let to = reader.seek(SeekFrom::End(0))?;
        match cr3.walk(reader, Content { from: 0, to }, 0) {
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
            _ => Ok(cr3),
        }
    }

    fn walk(&mut self, reader: &mut (impl Read + Seek), within: Content, depth: usize) -> io::Result<()> {
        let mut at = within.from;
        while at + 8 <= within.to && self.boxes < MOST_BOXES && depth < MOST_DEPTH {
            self.boxes += 1;
            let mut head = [0; 8];
            reader.seek(SeekFrom::Start(at))?;
            reader.read_exact(&mut head)?;
            let [a, b, c, d, kind @ ..] = head;
            let (skip, length) = match u32::from_be_bytes([a, b, c, d]) {
                0 => (8, within.to - at),
                1 => {
                    let mut long = [0; 8];
                    reader.read_exact(&mut long)?;
                    (16, u64::from_be_bytes(long))
                }
                length => (8, u64::from(length)),
            };
            if length < skip || length > within.to - at {
                return Ok(());
            }
            let content = Content { from: at + skip, to: at + length };
            self.open(reader, &kind, content, depth)?;
            at += length;
        }
        Ok(())
    }

    fn open(
        &mut self,
        reader: &mut (impl Read + Seek),
        kind: &[u8; 4],
        content: Content,
        depth: usize,
    ) -> io::Result<()> {
        let bytes = content.to - content.from;
        if let Some(at) = BLOCKS.iter().position(|block| *block == kind) {
            let block = &mut self.blocks[at];
            block.clear();
            reader.take(bytes.min(MOST_BLOCK_BYTES)).read_to_end(block)?;
            return Ok(());
        }
        match kind {
            // Boxes of Canon: after the identifier, the box of previews has eight more bytes.
            b"uuid" => {
                let mut name = [0; 16];
                reader.read_exact(&mut name)?;
                let skip = if name.starts_with(&[0xea, 0xf4, 0x2b, 0x5e]) { 24 } else { 16 };
                self.walk(reader, Content { from: content.from + skip, ..content }, depth + 1)
            }
            b"PRVW" | b"THMB" => {
                let mut prefix = Vec::new();
                reader.take(MOST_PREFIX).read_to_end(&mut prefix)?;
                let begin = prefix.windows(3).position(|bytes| bytes == b"\xff\xd8\xff");
                self.pictures.extend(begin.map(|at| (content.from + at as u64, bytes - at as u64)));
                Ok(())
            }
            b"stsz" => {
                // Version and flags, the common size, the number of samples, the first size.
                let fields = longs::<4>(reader)?;
                self.sample = Some(if fields[1] > 0 { fields[1] } else { fields[3] });
                Ok(())
            }
            b"stco" => {
                let fields = longs::<3>(reader)?;
                self.track(fields[2]);
                Ok(())
            }
            b"co64" => {
                let fields = longs::<4>(reader)?;
                self.track(fields[2] << 32 | fields[3]);
                Ok(())
            }
            kind if CONTAINERS.contains(&kind) => {
                if kind == b"trak" {
                    self.sample = None;
                }
                self.walk(reader, content, depth + 1)
            }
            _ => Ok(()),
        }
    }

    /// Keeps the first sample of a track, which is a preview in one of them.
    fn track(&mut self, offset: u64) {
        self.pictures.extend(self.sample.map(|bytes| (offset, bytes)));
    }
}

/// Reads numbers of four bytes.
fn longs<const N: usize>(reader: &mut impl Read) -> io::Result<[u64; N]> {
    let mut numbers = [0; N];
    for number in &mut numbers {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes)?;
        *number = u64::from(u32::from_be_bytes(bytes));
    }
    Ok(numbers)
}
