use std::io::{BufRead, Seek};

use image::error::{DecodingError, ImageError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::super::RgbPicture;
use super::check_size;
use super::profile::to_srgb;
use mmm_facts::MediaError;

/// Memory that decoding one photo may take, in bytes: the largest photo at 8 bytes a pixel.
const MOST_BYTES: u64 = super::MOST_PIXELS * 8;

/// The stored picture of a PNG, WebP, GIF, BMP or TIFF, shrunk when it is more than twice `cover`.
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
    // A profile that can't be read is none.
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

/// Size as stored, and bits a sample.
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

/// The smallest size that covers `cover` in the same shape, when that saves at least half.
pub(super) fn shrunk((width, height): (u32, u32), cover: (u32, u32)) -> Option<(u32, u32)> {
    let part = |len: u32, cover: u32| f64::from(cover.max(1)) / f64::from(len);
    let scale = part(width, cover.0).max(part(height, cover.1));
    let to = |len: u32| (f64::from(len) * scale).ceil() as u32;
    (scale < 0.5).then(|| (to(width), to(height)))
}

/// Paper shows through where the picture is see-through, as in any viewer.
fn on_white(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let pixels = picture.into_rgba8().into_raw();
    let pixels = pixels.as_chunks::<4>().0.iter();
    pixels.flat_map(|&[r, g, b, a]| [r, g, b].map(|sample| over_white(sample, a))).collect()
}

/// A sample that is as solid as `alpha` says, of 255, with white behind it.
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

/// Decoders wrap the end of the file in errors of their own.
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
