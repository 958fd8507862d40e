use std::io::{BufRead, Read, Seek};

use exif::{In, Reader, Tag};
use mmm_facts::{MediaError, Orientation};

/// The frame header of a JPEG.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct JpegHeader {
    /// The marker, which says how the picture is coded.
    pub kind: u8,
    /// Width and height.
    pub size: (u32, u32),
    /// Bits per sample.
    pub depth: u8,
    pub components: u8,
}

/// Reads the JPEG's segments up to the frame header (SOF), ITU-T T.81, B.2.2.
pub(super) fn jpeg_header(reader: &mut (impl BufRead + Seek)) -> Result<JpegHeader, MediaError> {
    let mut mark = [0; 2];
    reader.read_exact(&mut mark)?;
    loop {
        let kind = next_marker(reader)?;
        // Markers without a segment.
        if matches!(kind, 0x01 | 0xd0..=0xd8) {
            continue;
        }
        if matches!(kind, 0xd9 | 0xda) {
            return Err(MediaError::corrupt("no frame header before the picture"));
        }
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        let length = u16::from_be_bytes(length).saturating_sub(2);
        // The SOF markers; C4, C8 and CC have other meanings.
        if matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
            let mut frame = [0; 6];
            reader.read_exact(&mut frame)?;
            let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
            let size = (side(frame[3], frame[4]), side(frame[1], frame[2]));
            return Ok(JpegHeader { kind, size, depth: frame[0], components: frame[5] });
        }
        reader.seek_relative(i64::from(length))?;
    }
}

fn next_marker(reader: &mut impl Read) -> Result<u8, MediaError> {
    let mut byte = [0];
    let mut next = || reader.read_exact(&mut byte).map(|()| byte[0]);
    // Stray bytes between segments are skipped, as every decoder does.
    while next()? != 0xff {}
    loop {
        match next()? {
            0xff => {}
            kind => return Ok(kind),
        }
    }
}

/// Returns the EXIF block in the first bytes of a JPEG, beginning with its TIFF header.
pub(super) fn tiff_block_of_jpeg(head: &[u8]) -> Option<Vec<u8>> {
    exif::get_exif_attr_from_jpeg(&mut &head[..]).ok()
}

/// Returns the orientation that the first bytes of a JPEG say, if they do.
pub(super) fn orientation(head: &[u8]) -> Option<Orientation> {
    let mut reader = Reader::new();
    let read = reader.continue_on_error(true).read_raw(tiff_block_of_jpeg(head)?);
    let exif = read.or_else(|error| error.distill_partial_result(|_| {})).ok()?;
    let number = exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    Some(Orientation::from_exif(number))
}
