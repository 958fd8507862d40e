//! Pictures that the decoders of `image` don't support, decoded by libav: palettes, fax codings, and colours at
//! a lower resolution in TIFF, and rare kinds of BMP.

use std::io::{BufRead, Read};

use ffmpeg_next::codec::{self, Id, decoder, threading};
use ffmpeg_next::{Packet, ffi, frame};
use image::ImageFormat;

use super::super::RgbPicture;
use super::super::container::quiet_libav;
use super::{MOST_PIXELS, check_size, heif};
use mmm_facts::{Color, MediaError};

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 512 << 20;

/// Full-range BT.601 for YCbCr, as in JPEG and TIFF; sRGB otherwise.
const COLOR: Color = Color { primaries: 1, transfer: 13, matrix: 5, full_range: true, depth: 8 };

/// Decodes the stored picture, reduced if it is more than twice `cover`.
pub(super) fn decode(
    reader: impl BufRead,
    format: ImageFormat,
    cover: (u32, u32),
) -> Result<RgbPicture, MediaError> {
    heif::shown_whole(frame(reader, format)?, cover, COLOR)
}

/// Returns width, height and bits per sample, by decoding the picture.
pub(super) fn size(reader: impl BufRead, format: ImageFormat) -> Result<(u32, u32, u8), MediaError> {
    let frame = frame(reader, format)?;
    Ok((frame.width(), frame.height(), 8))
}

/// Returns the error for a picture that no decoder supports.
pub(super) fn unsupported(format: ImageFormat) -> MediaError {
    let name = format.extensions_str()[0].to_uppercase();
    MediaError::unsupported(format!(
        "{name} pictures that are stored like this one are not supported; export it as JPEG or PNG"
    ))
}

/// The tags of a TIFF that describe how its picture is stored (TIFF 6.0).
const PICTURE_TAGS: [u16; 22] = [
    254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 338,
    530,
];
/// The tag for the name of a program.
const SOFTWARE: u16 = 305;

/// Hides the other tags of a TIFF's first picture from libav, which counts tags that it doesn't know as damage
/// while it is asked to be strict.
fn hide_odd_tags(bytes: &mut [u8]) {
    let is_little = bytes.starts_with(b"II");
    let short = |bytes: &[u8], at: usize| -> Option<u16> {
        let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let put = |bytes: &mut [u8], at: usize, value: u16| {
        let two = if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        bytes[at..at + 2].copy_from_slice(&two);
    };
    let long = |bytes: &[u8], at: usize| -> Option<usize> {
        let (one, two) = (usize::from(short(bytes, at)?), usize::from(short(bytes, at + 2)?));
        Some(if is_little { two << 16 | one } else { one << 16 | two })
    };
    let Some(start) = long(bytes, 4) else { return };
    let Some(count) = short(bytes, start) else { return };
    for entry in 0..usize::from(count) {
        let at = start + 2 + entry * 12;
        let Some(tag) = short(bytes, at).filter(|_| bytes.len() >= at + 12) else { return };
        if !PICTURE_TAGS.contains(&tag) {
            // One number of 16 bits, which stands in the entry itself.
            put(bytes, at, SOFTWARE);
            put(bytes, at + 2, 3);
            let (high, low) = if is_little { (at + 6, at + 4) } else { (at + 4, at + 6) };
            put(bytes, low, 1);
            put(bytes, high, 0);
        }
    }
}

fn frame(reader: impl BufRead, format: ImageFormat) -> Result<frame::Video, MediaError> {
    quiet_libav();
    let codec = match format {
        ImageFormat::Tiff => Id::TIFF,
        ImageFormat::Bmp => Id::BMP,
        ImageFormat::Png => Id::PNG,
        ImageFormat::Gif => Id::GIF,
        _ => return Err(unsupported(format)),
    };
    let mut bytes = Vec::new();
    reader.take(MOST_BYTES).read_to_end(&mut bytes)?;
    if format == ImageFormat::Tiff {
        hide_odd_tags(&mut bytes);
    }
    let found = decoder::find(codec).ok_or_else(|| unsupported(format))?;
    let mut context = codec::Context::new_with_codec(found);
    context.set_threading(threading::Config { kind: threading::Type::Frame, count: 1, safe: true });
    // SAFETY: sets numbers of a context that isn't open yet. Damage is an error, not a part left black.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).max_pixels = MOST_PIXELS as i64;
        (*context).err_recognition = ffi::AV_EF_EXPLODE | ffi::AV_EF_CRCCHECK;
    }
    let mut decoder = context.decoder().video().map_err(|_| unsupported(format))?;
    let mut frame = frame::Video::empty();
    let sent = decoder.send_packet(&Packet::copy(&bytes)).and_then(|()| decoder.send_eof());
    sent.and_then(|()| decoder.receive_frame(&mut frame)).map_err(|error| match error {
        ffmpeg_next::Error::PatchWelcome | ffmpeg_next::Error::Unknown => unsupported(format),
        _ => MediaError::undecodable(),
    })?;
    check_size(frame.width(), frame.height())?;
    if frame.is_corrupt() { Err(MediaError::undecodable()) } else { Ok(frame) }
}
