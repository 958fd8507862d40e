use std::io::{BufRead, BufReader, Seek};

use image::error::{DecodingError, ImageError};
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::super::RgbPicture;
use super::finish::{finished, over_white};
use super::large::one_at_a_time;
use super::page::Page;
use super::{check_size, tiff, unusual};
use mmm_facts::MediaError;

/// Memory limit in bytes for decoding one photo: the largest photo at 8 bytes per pixel.
const MOST_BYTES: u64 = super::MOST_PIXELS * 8;
/// Memory limit in bytes for what a PNG has beside its pixels: the profile, texts, and one row. A profile of a
/// few megabytes in the file can unpack to gigabytes; one that is larger than this is ignored.
const MOST_PNG_BYTES: u64 = 64 << 20;

/// Why `image` doesn't return a picture.
enum Refusal {
    /// It doesn't support this kind of picture; another decoder may.
    Kind,
    /// The file can't be read, whatever the decoder.
    File(MediaError),
}

/// Decodes the stored picture of a PNG, WebP, GIF, BMP or TIFF, reduced if it is more than twice `cover`.
pub(super) fn decode(
    reader: impl BufRead + Seek,
    format: ImageFormat,
    cover: (u32, u32),
) -> Result<RgbPicture, MediaError> {
    match format {
        ImageFormat::Tiff => decode_first(BufReader::new(Page::open(reader)?), format, cover),
        _ => decode_first(reader, format, cover),
    }
}

fn decode_first(
    mut reader: impl BufRead + Seek,
    format: ImageFormat,
    cover: (u32, u32),
) -> Result<RgbPicture, MediaError> {
    // Of a picture that `image` doesn't know, the size is only known once it is decoded.
    let size = size_by_image(&mut reader, format);
    let _alone = one_at_a_time(size.map_or((u32::MAX, u32::MAX), |(width, height, _)| (width, height)));
    reader.rewind()?;
    let misread = format == ImageFormat::Tiff && tiff::is_misread(&mut reader)?;
    reader.rewind()?;
    let by_image = if misread { Err(Refusal::Kind) } else { by_image(&mut reader, format, cover) };
    match by_image {
        Ok(picture) => return Ok(picture),
        Err(Refusal::File(error)) => return Err(error),
        Err(Refusal::Kind) => {}
    }
    reader.rewind()?;
    if format == ImageFormat::Tiff
        && let Some(picture) = tiff::decode(&mut reader, cover)?
    {
        return Ok(picture);
    }
    if format == ImageFormat::Tiff && tiff::is_strange(&mut reader)? {
        return Err(unusual::unsupported(format));
    }
    reader.rewind()?;
    unusual::decode(reader, format, cover)
}

fn by_image(
    reader: impl BufRead + Seek,
    format: ImageFormat,
    cover: (u32, u32),
) -> Result<RgbPicture, Refusal> {
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(limits(format));
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height).map_err(Refusal::File)?;
    // `image` turns ink into light without its profile.
    if matches!(decoder.original_color_type(), ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16) {
        return Err(Refusal::Kind);
    }
    // An unreadable profile is ignored.
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    let stored = RgbPicture { width, height, pixels: on_white(picture) };
    finished(stored, cover, profile.as_deref()).map_err(Refusal::File)
}

/// Returns the size as stored, and the bits per sample.
pub(super) fn size(reader: impl BufRead + Seek, format: ImageFormat) -> Result<(u32, u32, u8), MediaError> {
    match format {
        ImageFormat::Tiff => size_of_first(BufReader::new(Page::open(reader)?), format),
        _ => size_of_first(reader, format),
    }
}

fn size_of_first(mut reader: impl BufRead + Seek, format: ImageFormat) -> Result<(u32, u32, u8), MediaError> {
    match size_by_image(&mut reader, format) {
        Ok(size) => return Ok(size),
        Err(Refusal::File(error)) => return Err(error),
        Err(Refusal::Kind) => {}
    }
    match format {
        ImageFormat::Tiff => tiff::size(&mut reader)?.ok_or_else(|| unusual::unsupported(format)),
        _ => unusual::size(reader, format),
    }
}

/// Returns the size and the bits per sample that `image` finds in the headers.
fn size_by_image(reader: impl BufRead + Seek, format: ImageFormat) -> Result<(u32, u32, u8), Refusal> {
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(limits(format));
    let decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height).map_err(Refusal::File)?;
    let color = decoder.color_type();
    Ok((width, height, (color.bits_per_pixel() / u16::from(color.channel_count())) as u8))
}

fn limits(format: ImageFormat) -> Limits {
    let mut limits = Limits::no_limits();
    // The decoder of PNG doesn't count pixels, whose number is limited elsewhere.
    limits.max_alloc = Some(if format == ImageFormat::Png { MOST_PNG_BYTES } else { MOST_BYTES });
    limits
}

/// Blends transparent pixels with white, as viewers do.
fn on_white(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let pixels = picture.into_rgba8().into_raw();
    let pixels = pixels.as_chunks::<4>().0.iter();
    pixels.flat_map(|&[r, g, b, a]| [r, g, b].map(|sample| over_white(sample, a))).collect()
}

fn refusal(error: ImageError) -> Refusal {
    Refusal::File(match error {
        ImageError::Unsupported(_) => return Refusal::Kind,
        ImageError::IoError(error) => error.into(),
        ImageError::Limits(_) => {
            MediaError::unsupported("pictures that take so much memory are not supported")
        }
        ImageError::Decoding(error) if ends_early(&error) => MediaError::Truncated,
        _ => MediaError::undecodable(),
    })
}

/// Recognises truncated files, which decoders report with errors of their own.
fn ends_early(error: &DecodingError) -> bool {
    let text = error.to_string();
    let ended = ["unexpected EOF", "unexpected end", "UnexpectedEof", "failed to fill whole buffer"];
    ended.iter().any(|sign| text.contains(sign))
}
