use std::io::{BufRead, Seek};

use super::super::photo_format::PhotoFormat;
use super::jpeg_head::{JpegHeader, jpeg_header};
use super::{check_size, heif, raster, raw};
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
            let JpegHeader { size: (width, height), depth, .. } = jpeg_header(&mut reader)?;
            (width, height, srgb(BT601, depth), None)
        }
        PhotoFormat::Raw(format) => {
            let preview = raw::find(&mut reader, format)?;
            (preview.stored.0, preview.stored.1, srgb(BT601, 8), Some(preview.orientation))
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
