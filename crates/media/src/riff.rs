//! Walks the chunks of RIFF files (AVI, WebP) by seeking, so that the bytes of pictures are never read.

use std::io::{self, ErrorKind, Read, Seek};

/// The kind and the length in bytes of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ChunkHead {
    pub kind: [u8; 4],
    pub length: u32,
}

impl ChunkHead {
    /// Reads the head of the next chunk; `None` at the end of the file.
    pub fn read(reader: &mut impl Read) -> io::Result<Option<Self>> {
        let mut kind = [0; 4];
        let mut length = [0; 4];
        match reader.read_exact(&mut kind).and_then(|()| reader.read_exact(&mut length)) {
            Ok(()) => Ok(Some(Self { kind, length: u32::from_le_bytes(length) })),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the chunk and goes on to the next head; `None` if the file ends in it.
    pub fn body(self, reader: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
        let mut body = Vec::new();
        reader.take(u64::from(self.length)).read_to_end(&mut body)?;
        reader.seek_relative(i64::from(self.length % 2))?;
        Ok((body.len() == self.length as usize).then_some(body))
    }

    /// Goes on to the next head.
    pub fn skip(self, reader: &mut impl Seek) -> io::Result<()> {
        reader.seek_relative(i64::from(self.length) + i64::from(self.length % 2))
    }
}
