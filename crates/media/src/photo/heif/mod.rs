//! Photos in HEIF (ISO/IEC 23008-12): HEIC with HEVC pictures and AVIF with AV1 pictures.
//!
//! `heifer-isobmff` parses the boxes, and libav decodes the pictures in them. Only the primary item is shown:
//! thumbnails, depth and gain maps, and the other pictures of a burst or a sequence are ignored.

mod coded;
mod colour;
mod damage;
mod still;

use std::io::{self, Read};

use ffmpeg_next::frame;

use self::still::Still;
use super::super::RgbPicture;
use super::finish::{over_white, shrunk};
use super::large::one_at_a_time;
use super::upright;
use mmm_facts::{Color, MediaError, Orientation};

/// The largest file that is read, in bytes; photos of 200 megapixels need a tenth of it.
const MOST_BYTES: u64 = 512 << 20;

/// The facts about a picture in the boxes of its file.
pub(super) struct HeifHeader {
    /// Width and height before rotation.
    pub stored: (u32, u32),
    pub orientation: Orientation,
    pub color: Color,
}

/// Reads the whole file into memory, because its boxes refer to any place in it.
pub(super) fn whole(reader: impl Read) -> Result<Vec<u8>, io::Error> {
    let mut bytes = Vec::new();
    reader.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn header(bytes: &[u8]) -> Result<HeifHeader, MediaError> {
    let still = Still::of(bytes)?;
    // Without colour information a picture is sRGB in BT.601's matrix (MIAF, 7.3.6.4).
    let unsaid = Color { primaries: 1, transfer: 13, matrix: 5, full_range: true, depth: still.depth() };
    Ok(HeifHeader {
        stored: still.part.size,
        orientation: still.orientation,
        color: still.color().unwrap_or(unsaid),
    })
}

/// Returns the EXIF block of the picture, beginning with its TIFF header, and its XMP packet.
pub(super) fn facts(bytes: &[u8]) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    Still::of(bytes).map_or((None, None), |still| (still.exif(), still.xmp()))
}

/// Decodes the picture, upright, in sRGB and on white, reduced if it is more than twice `cover`.
pub(super) fn decode(bytes: &[u8], cover: (u32, u32)) -> Result<RgbPicture, MediaError> {
    let still = Still::of(bytes)?;
    let cover = if still.orientation.is_sideways() { (cover.1, cover.0) } else { cover };
    let size = shrunk(still.part.size, cover).unwrap_or(still.part.size);
    // All of it is decoded, also if only a part is shown.
    let _alone = one_at_a_time(still::size(&still.file, still.id)?);
    let stored = coded::picture(&still.file, still.id)?;
    let color = still.color().unwrap_or_else(|| colour::said_by(&stored));
    let mut picture = colour::shown(stored, still.part, size, color, still.profile())?;
    if let Some(alpha) = still.alpha() {
        let solid = colour::grey(&coded::picture(&still.file, alpha.id)?, alpha.part, size)?;
        put_on_white(&mut picture, &solid, alpha.premultiplied);
    }
    Ok(upright(picture, still.orientation))
}

/// Returns a picture that libav decoded from another format, in sRGB, reduced if it is more than twice `cover`.
pub(super) fn shown_whole(
    stored: frame::Video,
    cover: (u32, u32),
    color: Color,
) -> Result<RgbPicture, MediaError> {
    let whole = still::Part { corner: (0, 0), size: (stored.width(), stored.height()) };
    let size = shrunk(whole.size, cover).unwrap_or(whole.size);
    colour::shown(stored, whole, size, color, None)
}

/// Blends the picture with white where the opacity in `solid` is less than 255.
fn put_on_white(picture: &mut RgbPicture, solid: &[u8], premultiplied: bool) {
    for (pixel, &alpha) in picture.pixels.as_chunks_mut::<3>().0.iter_mut().zip(solid) {
        *pixel = match premultiplied {
            true => pixel.map(|sample| sample.saturating_add(255 - alpha)),
            false => pixel.map(|sample| over_white(sample, alpha)),
        };
    }
}

#[cfg(test)]
mod tests;
