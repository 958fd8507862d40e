//! Raw photos: finds the largest JPEG preview that a camera has put into one.
//!
//! Sensor data isn't developed: the colours would depend on a profile of each camera. The previews of a TIFF
//! (DNG, NEF, ARW, PEF, CR2, ORF, RW2, SRW and others), of a RAF and of a CR3 are where their tags and boxes
//! say. If none of these is large enough, the file is searched for other pictures, such as those in the notes
//! of makers. Nothing is allocated by a number in the file.

mod cr3;
mod search;
mod tagged;

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use exif::experimental::Writer;

use self::cr3::Cr3;
use super::super::raw_format::RawFormat;
use super::jpeg_head::{JpegHeader, jpeg_header, orientation, tiff_block_of_jpeg};
use mmm_facts::{MediaError, Orientation};

/// The least length in pixels of a preview's longer side: two thirds of a frame of 1920 pixels, which previews
/// for the screens of cameras (1616 or 1620 pixels) reach and thumbnails don't.
const LEAST_LONG_SIDE: u32 = 1280;

/// The largest part of a file that is read for its tags or searched for pictures, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// The largest header of a preview, in bytes: some segments of EXIF and colour profiles.
const MOST_HEADER_BYTES: u64 = 256 << 10;

/// The preview that a raw photo is shown as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Preview {
    offset: u64,
    bytes: u64,
    /// Width and height before it is turned upright.
    pub stored: (u32, u32),
    pub orientation: Orientation,
}

/// A place where a preview may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    offset: u64,
    /// Its length; `None` if nothing says it.
    bytes: Option<u64>,
    /// The orientation that the file says for it or for the whole photo.
    orientation: Option<Orientation>,
}

/// Everything that a file says about its pictures.
#[derive(Default)]
struct Pictures {
    places: Vec<Place>,
    /// The size of the largest picture that is not a JPEG, such as a thumbnail of plain samples.
    plain: Option<(u32, u32)>,
    /// The size of the sensor's picture.
    sensor: Option<(u32, u32)>,
    /// The orientation of the whole photo.
    orientation: Option<Orientation>,
}

/// Returns the largest preview, if it can fill a frame.
///
/// # Errors
/// If no preview is large enough, or the file can't be read.
pub(super) fn find(reader: &mut (impl Read + Seek), format: RawFormat) -> Result<Preview, MediaError> {
    let pictures = pictures(reader, format)?;
    let mut best = None;
    for place in &pictures.places {
        best = larger(best, preview(reader, *place, &pictures)?);
    }
    if best.is_none_or(|best| !fills_frame(best.stored)) {
        for offset in search::jpegs(reader, MOST_BYTES)? {
            let place = Place { offset, bytes: None, orientation: None };
            best = larger(best, preview(reader, place, &pictures)?);
        }
    }
    let size = |best: Preview| if best.orientation.is_sideways() { turned(best.stored) } else { best.stored };
    match best {
        Some(best) if fills_frame(best.stored) => Ok(best),
        best => Err(MediaError::RawPhoto {
            format: format.name().to_uppercase(),
            preview: best.map(size).into_iter().chain(pictures.plain).max_by_key(|size| pixels(*size)),
        }),
    }
}

/// Returns the bytes of a preview.
pub(super) fn jpeg(reader: &mut (impl Read + Seek), preview: Preview) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.seek(SeekFrom::Start(preview.offset))?;
    reader.take(preview.bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the EXIF block of a raw photo, beginning with its TIFF header: its own, else that of a preview.
pub(super) fn exif_block(reader: &mut (impl Read + Seek), format: RawFormat) -> io::Result<Option<Vec<u8>>> {
    if format == RawFormat::CR3 {
        return Ok(merged(&Cr3::read(reader)?.blocks));
    }
    if let Some(block) = tagged::block(reader, MOST_BYTES)? {
        return Ok(Some(block));
    }
    match find(reader, format) {
        Ok(preview) => Ok(tiff_block_of_jpeg(&head_of(reader, preview.offset)?)),
        Err(_) => Ok(None),
    }
}

fn pictures(reader: &mut (impl Read + Seek), format: RawFormat) -> io::Result<Pictures> {
    if format == RawFormat::CR3 {
        let cr3 = Cr3::read(reader)?;
        let orientation = tagged::orientation(&mut Cursor::new(cr3.blocks.first().map_or(&[][..], |b| b)))?;
        let place = |&(offset, bytes): &(u64, u64)| Place { offset, bytes: Some(bytes), orientation };
        let places = cr3.pictures.iter().map(place).collect();
        return Ok(Pictures { places, orientation, ..Pictures::default() });
    }
    if format == RawFormat::RAF {
        let places = raf(reader)?.into_iter().collect();
        return Ok(Pictures { places, ..Pictures::default() });
    }
    tagged::pictures(reader)
}

/// Returns the preview of a RAF: its offset and length are in the header.
fn raf(reader: &mut (impl Read + Seek)) -> io::Result<Option<Place>> {
    let mut head = Vec::new();
    reader.seek(SeekFrom::Start(84))?;
    reader.take(8).read_to_end(&mut head)?;
    let long = |bytes: &[u8]| Some(u64::from(u32::from_be_bytes(*bytes.first_chunk()?)));
    let place =
        || Some(Place { offset: long(&head)?, bytes: Some(long(head.get(4..)?)?), orientation: None });
    Ok(place())
}

/// Returns the JPEG at a place, if there is one that every decoder reads: the samples of some sensors are
/// lossless JPEGs.
fn preview(
    reader: &mut (impl Read + Seek),
    place: Place,
    pictures: &Pictures,
) -> Result<Option<Preview>, MediaError> {
    let head = head_of(reader, place.offset)?;
    let Ok(JpegHeader { kind, size, depth, components }) = jpeg_header(&mut Cursor::new(&head)) else {
        return Ok(None);
    };
    let readable = head.starts_with(b"\xff\xd8\xff") && matches!(kind, 0xc0..=0xc2) && depth == 8;
    if !readable || !matches!(components, 1 | 3) || pixels(size) == 0 {
        return Ok(None);
    }
    // Without a length: no preview is longer than its samples.
    let bytes = place.bytes.unwrap_or_else(|| pixels(size).saturating_mul(3) + MOST_HEADER_BYTES);
    let said = orientation(&head).or(place.orientation).or(pictures.orientation);
    let said = said.unwrap_or(Orientation::UPRIGHT);
    let is_turned = said.is_sideways()
        && pictures.sensor.is_some_and(|sensor| is_upright(sensor) != is_upright(size) && !is_square(size));
    let orientation = if is_turned { Orientation::UPRIGHT } else { said };
    Ok(Some(Preview { offset: place.offset, bytes: bytes.min(MOST_BYTES), stored: size, orientation }))
}

fn head_of(reader: &mut (impl Read + Seek), offset: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.seek(SeekFrom::Start(offset))?;
    reader.take(MOST_HEADER_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn fills_frame((width, height): (u32, u32)) -> bool {
    width.max(height) >= LEAST_LONG_SIDE
}

/// Returns the larger of two previews; the first if they are equal.
fn larger(best: Option<Preview>, next: Option<Preview>) -> Option<Preview> {
    match (best, next) {
        (Some(best), Some(next)) if pixels(next.stored) <= pixels(best.stored) => Some(best),
        (best, next) => next.or(best),
    }
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn turned((width, height): (u32, u32)) -> (u32, u32) {
    (height, width)
}

fn is_upright((width, height): (u32, u32)) -> bool {
    height > width
}

fn is_square((width, height): (u32, u32)) -> bool {
    width == height
}

/// Joins the EXIF blocks of a CR3, each of which is a TIFF of its own: the main tags, those of the exposure,
/// and those of the place.
fn merged(blocks: &[Vec<u8>]) -> Option<Vec<u8>> {
    let contexts = [exif::Context::Tiff, exif::Context::Exif, exif::Context::Gps];
    let read = |block: &Vec<u8>| {
        let mut reader = exif::Reader::new();
        let read = reader.continue_on_error(true).read_raw(block.clone());
        read.or_else(|error| error.distill_partial_result(|_| {})).ok()
    };
    let mut fields = Vec::new();
    for (block, context) in blocks.iter().zip(contexts) {
        let primary = |field: &&exif::Field| field.ifd_num == exif::In::PRIMARY;
        for field in read(block).iter().flat_map(exif::Exif::fields).filter(primary) {
            fields.push(exif::Field {
                tag: exif::Tag(context, field.tag.number()),
                ifd_num: exif::In::PRIMARY,
                value: field.value.clone(),
            });
        }
    }
    // Values of unknown types can't be written.
    fields.retain(|field| !matches!(field.value, exif::Value::Unknown(..)));
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, false).ok()?;
    Some(block.into_inner())
}

#[cfg(test)]
mod tests;
