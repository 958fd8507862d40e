//! Pictures that the decoders of `image` don't support, decoded by libav: palettes, fax codings, and colours at
//! a lower resolution in TIFF, and rare kinds of BMP.

use std::io::{BufRead, Read};

use ffmpeg_next::codec::{self, Id, decoder, threading};
use ffmpeg_next::{Packet, ffi, frame};
use image::ImageFormat;

use super::super::RgbPicture;
use super::super::quiet_libav::quiet_libav;
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

fn frame(reader: impl BufRead, format: ImageFormat) -> Result<frame::Video, MediaError> {
    quiet_libav();
    let id = match format {
        ImageFormat::Tiff => Id::TIFF,
        ImageFormat::Bmp => Id::BMP,
        ImageFormat::Png => Id::PNG,
        ImageFormat::Gif => Id::GIF,
        _ => return Err(unsupported(format)),
    };
    let mut bytes = Vec::new();
    reader.take(MOST_BYTES).read_to_end(&mut bytes)?;
    // A strict decoder counts tags that it doesn't know as damage, so the other one has the last word.
    let strict = decoded(id, &bytes, ffi::AV_EF_EXPLODE | ffi::AV_EF_CRCCHECK);
    let frame =
        strict.or_else(|_| decoded(id, &bytes, ffi::AV_EF_CRCCHECK)).map_err(|error| match error {
            ffmpeg_next::Error::PatchWelcome
            | ffmpeg_next::Error::Unknown
            | ffmpeg_next::Error::DecoderNotFound => unsupported(format),
            _ => MediaError::undecodable(),
        })?;
    check_size(frame.width(), frame.height())?;
    if frame.is_corrupt() { Err(MediaError::undecodable()) } else { Ok(frame) }
}

/// Returns the picture in a file, decoded with these checks for damage.
fn decoded(id: Id, bytes: &[u8], checks: i32) -> Result<frame::Video, ffmpeg_next::Error> {
    let found = decoder::find(id).ok_or(ffmpeg_next::Error::DecoderNotFound)?;
    let mut context = codec::Context::new_with_codec(found);
    context.set_threading(threading::Config { kind: threading::Type::Frame, count: 1, safe: true });
    // SAFETY: sets numbers of a context that isn't open yet.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).max_pixels = MOST_PIXELS as i64;
        (*context).err_recognition = checks;
    }
    let mut decoder = context.decoder().video()?;
    let mut frame = frame::Video::empty();
    decoder.send_packet(&Packet::copy(bytes)).and_then(|()| decoder.send_eof())?;
    decoder.receive_frame(&mut frame)?;
    Ok(frame)
}
