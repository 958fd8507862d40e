use std::io::{self, BufRead, Read, Seek};

use super::{Blocks, MOST_BLOCK_BYTES};

/// What ends an XMP packet, so that decoders which take it for sub-blocks skip it (Adobe's XMP specification,
/// part 3, 1.1.2): 1, then 255 down to 0, then 0.
const TRAILER: usize = 258;

/// Reads the application extension with XMP, if it comes before the first picture.
pub(super) fn read(reader: &mut (impl BufRead + Seek), blocks: &mut Blocks) -> io::Result<()> {
    let mut head = [0; 13];
    reader.read_exact(&mut head)?;
    let colours = if head[10] & 0x80 == 0 { 0 } else { 2_i64 << (head[10] & 7) };
    reader.seek_relative(colours * 3)?;
    let mut start = [0; 2];
    loop {
        reader.read_exact(&mut start)?;
        match start {
            [0x21, 0xff] => {}
            [0x21, _] => {
                skip_parts(reader)?;
                continue;
            }
            // A picture, or the end.
            _ => return Ok(()),
        }
        let mut name = [0; 12];
        reader.read_exact(&mut name)?;
        if name == *b"\x0bXMP DataXMP" {
            blocks.xmp = packet(reader)?;
            return Ok(());
        }
        reader.seek_relative(i64::from(name[0]) - 11)?;
        skip_parts(reader)?;
    }
}

/// Reads a packet, which is not divided into sub-blocks, up to its trailer.
fn packet(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut packet = Vec::new();
    let read = reader.by_ref().take(MOST_BLOCK_BYTES.into()).read_until(0, &mut packet)?;
    Ok((read > TRAILER).then(|| {
        // What was read ends with the next-to-last byte of the trailer.
        packet.truncate(read - (TRAILER - 1));
        packet
    }))
}

fn skip_parts(reader: &mut (impl BufRead + Seek)) -> io::Result<()> {
    let mut length = [0];
    loop {
        reader.read_exact(&mut length)?;
        if length[0] == 0 {
            return Ok(());
        }
        reader.seek_relative(length[0].into())?;
    }
}
