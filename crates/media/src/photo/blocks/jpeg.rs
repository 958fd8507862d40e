use std::io::{self, BufRead, Read, Seek};

use super::Blocks;
use super::iptc;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// How many bytes of a JPEG are searched: the blocks come before the picture, among colour profiles and
/// previews.
const MOST_HEAD_BYTES: u64 = 64 << 20;

/// Reads the segments up to the picture (ITU-T T.81, B.1.1.4).
pub(super) fn read(reader: &mut (impl BufRead + Seek), blocks: &mut Blocks) -> io::Result<()> {
    let mut resources = Vec::new();
    let result = segments(reader, |kind, segment| {
        if kind == 0xed
            && let Some(part) = segment.strip_prefix(PHOTOSHOP)
        {
            // A long list is split over several segments.
            resources.extend_from_slice(part);
        } else if kind == 0xe1
            && let Some(block) = segment.strip_prefix(EXIF)
        {
            blocks.exif.get_or_insert_with(|| block.to_vec());
        } else if kind == 0xe1
            && let Some(packet) = segment.strip_prefix(XMP)
        {
            blocks.xmp.get_or_insert_with(|| packet.to_vec());
        }
    });
    blocks.iptc = iptc::in_resources(&resources).map(<[u8]>::to_vec);
    result
}

/// Calls `see` with the marker and the content of each segment for applications.
fn segments(reader: &mut (impl BufRead + Seek), mut see: impl FnMut(u8, &[u8])) -> io::Result<()> {
    let mut byte = [0];
    let mut segment = Vec::new();
    reader.seek_relative(2)?;
    while reader.stream_position()? < MOST_HEAD_BYTES {
        // Stray bytes between segments are skipped, as every decoder does.
        while byte[0] != 0xff {
            reader.read_exact(&mut byte)?;
        }
        while byte[0] == 0xff {
            reader.read_exact(&mut byte)?;
        }
        let kind = byte[0];
        // Markers without a segment.
        if matches!(kind, 0x00 | 0x01 | 0xd0..=0xd8) {
            continue;
        }
        if matches!(kind, 0xd9 | 0xda) {
            break;
        }
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        let length = u16::from_be_bytes(length).saturating_sub(2);
        if matches!(kind, 0xe1 | 0xed) {
            segment.clear();
            reader.by_ref().take(length.into()).read_to_end(&mut segment)?;
            see(kind, &segment);
        } else {
            reader.seek_relative(length.into())?;
        }
    }
    Ok(())
}
