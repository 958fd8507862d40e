//! Finds the moving picture inside the file of a photo: an MP4 behind a JPEG or in a box of a HEIC.
//!
//! Nothing is taken for granted: what XMP or a trailer says is only used where an MP4 begins. Only the heads of
//! parts are read.

mod boxes;
mod mp4;
mod samsung;

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};

use super::file_part::FilePart;
use super::photo::exif;
use super::photo_format::PhotoFormat;
use mmm_base::Time;
use mmm_facts::MediaError;
use mmm_spec::XmpMotion;

pub(super) use mp4::still_time;

/// The smallest MP4 with a picture, in bytes.
const LEAST_BYTES: u64 = 64;

/// Where a moving picture is in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct MotionPlace {
    /// Its first byte, and the one behind its last.
    pub bytes: (u64, u64),
    /// When the photo was taken, according to the XMP of the photo.
    pub still: Option<Time>,
}

/// Finds the moving picture of a photo whose XMP says this about it. Returns `None` if the photo is none with a
/// moving picture; the inner error says why one that is promised can't be played.
pub(super) fn locate(
    file: &mut File,
    format: PhotoFormat,
    said: Option<XmpMotion>,
) -> io::Result<Option<Result<MotionPlace, MediaError>>> {
    let length = file.seek(SeekFrom::End(0))?;
    let still = said.and_then(|said| said.still_us).map(Time::from_micros);
    let place = |bytes| Some(Ok(MotionPlace { bytes, still }));
    let stated = said.and_then(|said| stated(said, length));
    if let Some(bytes) = stated
        && is_mp4(file, bytes)?
    {
        return Ok(place(bytes));
    }
    let found = match format {
        PhotoFormat::Heic | PhotoFormat::Avif => boxes::motion_box(file, length)?,
        PhotoFormat::Jpeg => samsung::motion_data(file, length)?,
        _ => None,
    };
    match found {
        Some(bytes) if is_mp4(file, bytes)? => Ok(place(bytes)),
        Some(_) => Ok(Some(Err(MediaError::unsupported("its moving picture is not an MP4")))),
        None if said.is_none() => Ok(None),
        None if stated.is_none() => {
            Ok(Some(Err(MediaError::unsupported("its moving picture would begin outside of the file"))))
        }
        None => Ok(Some(Err(MediaError::unsupported(
            "there is no moving picture where its XMP says that one begins",
        )))),
    }
}

/// Opens the moving picture in the file of a photo.
///
/// # Errors
/// If there is none, or it can't be read.
pub(super) fn open(mut file: File, format: PhotoFormat) -> Result<FilePart, MediaError> {
    let said = exif::read(&mut BufReader::new(&mut file), format)?.motion;
    let place = locate(&mut file, format, said)?.ok_or(MediaError::NoPicture)??;
    Ok(FilePart::of(file, place.bytes)?)
}

/// Returns the bytes that XMP names; `None` if they are not in the file.
fn stated(said: XmpMotion, length: u64) -> Option<(u64, u64)> {
    let from = length.checked_sub(said.from_end?).filter(|from| *from > 0)?;
    let to = said.bytes.map_or(length, |bytes| from.saturating_add(bytes).min(length));
    (to.saturating_sub(from) >= LEAST_BYTES).then_some((from, to))
}

/// Whether an MP4 begins at the start of some bytes.
fn is_mp4(file: &mut File, (from, to): (u64, u64)) -> io::Result<bool> {
    file.seek(SeekFrom::Start(from))?;
    let mut head = [0; 8];
    match file.read_exact(&mut head) {
        Ok(()) => Ok(to.saturating_sub(from) >= LEAST_BYTES && head.ends_with(b"ftyp")),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
