use std::io::{BufRead, Read, Seek};

use super::super::photo_format::PhotoFormat;
use super::{check_size, heif, raster};
use mmm_facts::{Color, MediaError, Orientation};

/// The facts in a photo's header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Header {
    /// Width and height in pixels before the picture is rotated upright.
    pub stored: (u32, u32),
    /// The orientation, if the format stores it itself; it then overrides EXIF.
    pub orientation: Option<Orientation>,
    pub color: Color,
}

/// Reads only a photo's header.
pub(crate) fn read(mut reader: impl BufRead + Seek, format: PhotoFormat) -> Result<Header, MediaError> {
    let (width, height, color, orientation) = match format {
        PhotoFormat::Heic | PhotoFormat::Avif => {
            let heif::HeifHeader { stored, orientation, color } = heif::header(&heif::whole(reader)?)?;
            (stored.0, stored.1, color, Some(orientation))
        }
        PhotoFormat::Jpeg => {
            let (width, height, depth) = jpeg_size(&mut reader)?;
            (width, height, srgb(BT601, depth), None)
        }
        PhotoFormat::Raster(format) => {
            let (width, height, depth) = raster::size(reader, format)?;
            (width, height, srgb(RGB, depth), None)
        }
    };
    check_size(width, height)?;
    if width == 0 || height == 0 {
        return Err(MediaError::corrupt("the picture has no size"));
    }
    Ok(Header { stored: (width, height), orientation, color })
}

/// Matrix coefficients, as numbered by ISO/IEC 23091-2.
const RGB: u8 = 0;
const BT601: u8 = 5;

/// Returns the default colours of photos: BT.709's primaries with the sRGB curve.
fn srgb(matrix: u8, depth: u8) -> Color {
    Color { primaries: 1, transfer: 13, matrix, full_range: true, depth }
}

/// Reads the JPEG's segments up to the frame header (SOF), ITU-T T.81, B.2.2.
fn jpeg_size(reader: &mut (impl BufRead + Seek)) -> Result<(u32, u32, u8), MediaError> {
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
            let mut frame = [0; 5];
            reader.read_exact(&mut frame)?;
            let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
            return Ok((side(frame[3], frame[4]), side(frame[1], frame[2]), frame[0]));
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn the_frame_header_is_found_behind_other_segments() {
        let jpeg = b"\xff\xd8\xff\xe1\0\x06\xff\xc0zz\xff\xff\xc2\0\x11\x08\x01\x02\x03\x04\x03";
        let Header { stored, orientation, color } = read(Cursor::new(jpeg), PhotoFormat::Jpeg).unwrap();
        assert_eq!((stored, orientation, color.depth), ((0x304, 0x102), None, 8));
    }

    #[test]
    fn a_header_cut_short_is_truncated() {
        assert_eq!(
            read(Cursor::new(b"\xff\xd8\xff\xe1\0\x06"), PhotoFormat::Jpeg),
            Err(MediaError::Truncated)
        );
    }
}
