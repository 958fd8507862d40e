use std::io::{BufRead, Seek};

use image::error::{DecodingError, ImageError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::super::RgbPicture;
use super::check_size;
use super::profile::to_srgb;
use mmm_facts::MediaError;

/// Memory limit in bytes for decoding one photo: the largest photo at 8 bytes per pixel.
const MOST_BYTES: u64 = super::MOST_PIXELS * 8;

/// Decodes the stored picture of a PNG, WebP, GIF, BMP or TIFF, reduced if it is more than twice `cover`.
pub(super) fn decode(
    reader: impl BufRead + Seek,
    format: ImageFormat,
    cover: (u32, u32),
) -> Result<RgbPicture, MediaError> {
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(spoken)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    // An unreadable profile is ignored.
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(spoken)?;
    let mut stored = RgbPicture { width, height, pixels: on_white(picture) };
    if let Some((width, height)) = shrunk((width, height), cover) {
        stored = stored.resized(width, height)?;
    }
    if let Some(colours) = profile.and_then(|profile| to_srgb(&stored.pixels, 3, &profile)) {
        stored.pixels = colours;
    }
    Ok(stored)
}

/// Returns the size as stored, and the bits per sample.
pub(super) fn size(reader: impl BufRead + Seek, format: ImageFormat) -> Result<(u32, u32, u8), MediaError> {
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(limits());
    let decoder = reader.into_decoder().map_err(spoken)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let color = decoder.color_type();
    Ok((width, height, (color.bits_per_pixel() / u16::from(color.channel_count())) as u8))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_BYTES);
    limits
}

/// Returns the smallest size of the same shape that covers `cover`, if it is less than half the size.
pub(super) fn shrunk((width, height): (u32, u32), cover: (u32, u32)) -> Option<(u32, u32)> {
    let part = |len: u32, cover: u32| f64::from(cover.max(1)) / f64::from(len);
    let scale = part(width, cover.0).max(part(height, cover.1));
    let to = |len: u32| (f64::from(len) * scale).ceil() as u32;
    (scale < 0.5).then(|| (to(width), to(height)))
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

/// Returns a sample of opacity `alpha` (of 255) over white.
pub(super) fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

fn spoken(error: ImageError) -> MediaError {
    match error {
        ImageError::IoError(error) => error.into(),
        ImageError::Limits(error) => match error.kind() {
            LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => {
                MediaError::unsupported("the picture is too large")
            }
            _ => MediaError::corrupt(error),
        },
        ImageError::Unsupported(error) => MediaError::unsupported(error.to_string()),
        ImageError::Decoding(error) => damaged(&error),
        other => MediaError::corrupt(other),
    }
}

/// Recognises truncated files, which decoders report with errors of their own.
fn damaged(error: &DecodingError) -> MediaError {
    let text = error.to_string();
    let ended = ["unexpected EOF", "unexpected end", "UnexpectedEof", "failed to fill whole buffer"];
    match ended.iter().any(|sign| text.contains(sign)) {
        true => MediaError::Truncated,
        false => MediaError::corrupt(text.lines().next().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_much_larger_pictures_shrink() {
        assert_eq!(shrunk((1000, 800), (400, 100)), Some((400, 320)));
        assert_eq!(shrunk((1000, 800), (501, 100)), None);
        assert_eq!(shrunk((10, 8), (u32::MAX, u32::MAX)), None);
    }
}
