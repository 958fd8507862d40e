//! Reads photos: decodes the picture in a file, upright and at reduced size.

mod blocks;
pub(super) mod exif;
mod finish;
pub(super) mod header;
mod heif;
mod jpeg;
mod jpeg_end;
mod jpeg_head;
mod large;
pub(super) mod maker_note;
mod page;
mod profile;
mod raster;
mod raw;
mod tiff;
mod unusual;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::RgbPicture;
use super::kind::{self, Sniffed};
use super::photo_format::PhotoFormat;
use super::turn::turn;
use mmm_facts::{MediaError, Orientation};

/// The largest photo that is decoded, in pixels: 16384 by 16384.
pub(super) const MOST_PIXELS: u64 = 1 << 28;

/// Decodes the picture in a photo, upright, in sRGB, whatever its colours are stored as.
///
/// The picture is reduced while it is decoded, as far as both sides stay at least as long as those of `cover`
/// (width and height of the upright picture); it is never enlarged. `u32::MAX` requests the full size.
/// Transparent pixels are blended with white. An animation gives its first frame, a burst the picture that
/// comes first in the file.
///
/// # Errors
/// If the file can't be read, is not a photo, is too damaged to decode or has more than 2^28 pixels.
pub fn decode_photo(path: &Path, cover: (u32, u32)) -> Result<RgbPicture, MediaError> {
    let mut file = kind::open(path)?;
    let format = match kind::sniff(&mut file)? {
        Sniffed::Photo(format) => format,
        Sniffed::Container => return Err(MediaError::not_media("no photo")),
        Sniffed::Refused(error) => return Err(error),
    };
    if format.is_heif() {
        return heif::decode(&heif::whole(file)?, cover);
    }
    if let PhotoFormat::Raw(format) = format {
        let preview = raw::find(&mut file, format)?;
        let cover = if preview.orientation.is_sideways() { (cover.1, cover.0) } else { cover };
        let stored = jpeg::decode(&raw::jpeg(&mut file, preview)?, cover)?;
        return Ok(upright(stored, preview.orientation));
    }
    let orientation = exif::read(&mut BufReader::new(&mut file), format)?.orientation;
    file.rewind()?;
    let stored_cover = if orientation.is_sideways() { (cover.1, cover.0) } else { cover };
    let stored = match format {
        PhotoFormat::Raster(format) => raster::decode(BufReader::new(file), format, stored_cover)?,
        _ => jpeg::decode(&whole(&mut file)?, stored_cover)?,
    };
    Ok(upright(stored, orientation))
}

fn whole(file: &mut File) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn upright(stored: RgbPicture, orientation: Orientation) -> RgbPicture {
    let RgbPicture { width, height, pixels } = stored;
    let pixels = turn::<3>(pixels, (width as usize, height as usize), orientation);
    let (width, height) = if orientation.is_sideways() { (height, width) } else { (width, height) };
    RgbPicture { width, height, pixels }
}

/// Rejects pictures that would take too much memory.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), MediaError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS { Err(MediaError::TooLarge { width, height }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
