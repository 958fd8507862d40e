use std::io::{self, BufRead, Seek};

use super::super::super::riff::ChunkHead;
use super::{Blocks, MOST_BLOCK_BYTES};

/// Reads the chunks with facts (RFC 9649, 2.7.1.5), which stand behind the picture.
pub(super) fn read(reader: &mut (impl BufRead + Seek), blocks: &mut Blocks) -> io::Result<()> {
    reader.seek_relative(12)?;
    while let Some(head) = ChunkHead::read(reader)? {
        let block = match &head.kind {
            b"EXIF" => &mut blocks.exif,
            b"XMP " => &mut blocks.xmp,
            _ => {
                head.skip(reader)?;
                continue;
            }
        };
        if head.length > MOST_BLOCK_BYTES || block.is_some() {
            head.skip(reader)?;
        } else {
            *block = head.body(reader)?;
        }
    }
    Ok(())
}
