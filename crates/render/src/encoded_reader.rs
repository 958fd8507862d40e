use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::encoded::{Footer, MAGIC};
use super::{Packet, RenderError, Setup};

/// Reads the packets of an encoded stream one at a time, so that memory use doesn't grow with the movie's
/// length.
pub struct EncodedReader<R> {
    from: R,
    setup: Setup,
    /// The number of packets not read yet.
    left: u64,
}

/// Bytes of a packet's header.
const HEAD: usize = 21;

/// The most memory allocated for a packet before its bytes are read.
const MOST_AT_ONCE: u32 = 1 << 20;

impl<R: Read + Seek> EncodedReader<R> {
    /// Opens a stream written by [`EncodedWriter`](super::EncodedWriter).
    ///
    /// # Errors
    /// [`RenderError::Damaged`] if it is something else or truncated, and an I/O error if it can't be read.
    pub fn open(mut from: R) -> Result<Self, RenderError> {
        if read::<_, { MAGIC.len() }>(&mut from)? != *MAGIC {
            return Err(RenderError::Damaged);
        }
        let end = from.seek(SeekFrom::End(0))?;
        let end = end.checked_sub(4).ok_or(RenderError::Damaged)?;
        from.seek(SeekFrom::Start(end))?;
        let length = u32::from_le_bytes(read(&mut from)?);
        let footer = end.checked_sub(u64::from(length)).ok_or(RenderError::Damaged)?;
        from.seek(SeekFrom::Start(footer))?;
        let footer = serde_json::from_slice(&read_some(&mut from, length)?);
        let Footer { setup, packets } = footer.map_err(|_| RenderError::Damaged)?;
        from.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        Ok(Self { from, setup, left: packets })
    }

    /// Returns the setup that a muxer needs.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Returns the next packet, in decoding order; `None` after the last.
    ///
    /// # Errors
    /// Same as [`EncodedReader::open`].
    pub fn packet(&mut self) -> Result<Option<Packet>, RenderError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let head: [u8; HEAD] = read(&mut self.from)?;
        let (pts, rest) = head.split_first_chunk().ok_or(RenderError::Damaged)?;
        let (duration, rest) = rest.split_first_chunk().ok_or(RenderError::Damaged)?;
        let (key, size) = rest.split_first().ok_or(RenderError::Damaged)?;
        let size = u32::from_le_bytes(size.try_into().map_err(|_| RenderError::Damaged)?);
        Ok(Some(Packet {
            pts: i64::from_le_bytes(*pts),
            duration: i64::from_le_bytes(*duration),
            key: *key != 0,
            bytes: read_some(&mut self.from, size)?,
        }))
    }
}

/// Reads the next `SIZE` bytes.
fn read<R: Read, const SIZE: usize>(from: &mut R) -> Result<[u8; SIZE], RenderError> {
    let mut bytes = [0; SIZE];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(RenderError::Damaged),
        Err(error) => Err(error.into()),
    }
}

/// Reads the next `size` bytes; the size in a damaged file isn't trusted until the bytes are read.
fn read_some<R: Read>(from: &mut R, size: u32) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::with_capacity(size.min(MOST_AT_ONCE) as usize);
    from.take(u64::from(size)).read_to_end(&mut bytes)?;
    if bytes.len() == size as usize { Ok(bytes) } else { Err(RenderError::Damaged) }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{EncodedWriter, StreamKind};
    use mmm_base::Rate;
    use mmm_spec::Codec;

    /// Reads a whole stream; `None` if it is damaged.
    fn read_all(bytes: &[u8]) -> Option<(Setup, Vec<Packet>)> {
        let mut reader = EncodedReader::open(Cursor::new(bytes)).ok()?;
        let mut packets = Vec::new();
        while let Some(packet) = reader.packet().ok()? {
            packets.push(packet);
        }
        Some((reader.setup().clone(), packets))
    }

    #[test]
    fn a_stream_survives_its_bytes() {
        let kind = StreamKind::Picture {
            codec: Codec::H264,
            width: 64,
            height: 36,
            rate: Rate(30, 1),
            profile: 100,
            level: 31,
        };
        let setup = Setup { kind, extradata: vec![1, 2, 3] };
        let packets = vec![
            Packet { pts: 0, duration: 1, key: true, bytes: vec![9; 40] },
            Packet { pts: -2, duration: 1, key: false, bytes: vec![8; 4] },
            Packet { pts: 1, duration: 1, key: false, bytes: Vec::new() },
        ];
        let mut bytes = Vec::new();
        let mut writer = EncodedWriter::new(&mut bytes).unwrap();
        packets.chunks(2).try_for_each(|packets| writer.put(packets)).unwrap();
        writer.finish(setup.clone()).unwrap();
        assert_eq!(read_all(&bytes), Some((setup, packets)));
        for end in 0..bytes.len() {
            assert_eq!(read_all(&bytes[..end]), None, "cut after {end} bytes");
        }
    }

    #[test]
    fn a_packet_that_claims_to_be_huge_is_damaged() {
        let setup = Setup { kind: StreamKind::Opus { samples: 0, priming: 0 }, extradata: Vec::new() };
        let mut bytes = Vec::new();
        let mut writer = EncodedWriter::new(&mut bytes).unwrap();
        writer.put(&[Packet { pts: 0, duration: 0, key: true, bytes: vec![7; 40] }]).unwrap();
        writer.finish(setup).unwrap();
        let size = MAGIC.len() + HEAD - 4;
        bytes[size..size + 4].fill(0xff);
        assert_eq!(read_all(&bytes), None);
    }
}
