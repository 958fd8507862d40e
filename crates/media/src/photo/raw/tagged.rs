//! Previews and EXIF of raw photos that are built like a TIFF.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::super::ifd::{Directory, TiffTags, tag};
use super::{Pictures, Place, pixels};
use mmm_facts::Orientation;

/// Panasonic's tag for the preview in the first directory.
const JPEG_FROM_RAW: u16 = 0x2e;

/// Compressions by JPEG: the old one of TIFF, and the new one.
const JPEGS: [u64; 2] = [6, 7];

/// The picture of a sensor; and linear samples of one.
const RAW_SAMPLES: [u64; 2] = [32803, 34892];

/// Values of more bytes than this are no facts: notes of makers, and previews.
const MOST_VALUE_BYTES: u64 = 64 << 10;

/// Returns what the directories of a file say about its pictures; nothing if it isn't built like a TIFF.
pub(super) fn pictures(reader: &mut (impl Read + Seek)) -> io::Result<Pictures> {
    let mut found = Pictures::default();
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(found) };
    let directories = tags.directories()?;
    if let Some(main) = directories.first() {
        found.orientation = orientation_of(&mut tags, main)?;
    }
    for directory in &directories {
        let orientation = orientation_of(&mut tags, directory)?;
        let places = places(&mut tags, directory)?;
        let place = |(offset, bytes)| Place { offset, bytes: Some(bytes), orientation };
        found.places.extend(places.into_iter().map(place));
        let Some(size) = size(&mut tags, directory)? else { continue };
        let samples = tags.number(directory, tag::PHOTOMETRIC)?;
        let kept = match samples.is_some_and(|samples| RAW_SAMPLES.contains(&samples)) {
            true => &mut found.sensor,
            false => &mut found.plain,
        };
        *kept = kept.take().into_iter().chain([size]).max_by_key(|size| pixels(*size));
    }
    Ok(found)
}

/// Returns the orientation in the first directory of a TIFF.
pub(super) fn orientation(reader: &mut (impl Read + Seek)) -> io::Result<Option<Orientation>> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
    match tags.main()? {
        Some(main) => orientation_of(&mut tags, &main),
        None => Ok(None),
    }
}

fn orientation_of(
    tags: &mut TiffTags<impl Read + Seek>,
    directory: &Directory,
) -> io::Result<Option<Orientation>> {
    let number = tags.number(directory, tag::ORIENTATION)?.and_then(|number| u32::try_from(number).ok());
    Ok(number.map(Orientation::from_exif))
}

/// Returns the size of a directory's picture if its samples are plain or of a sensor.
fn size(tags: &mut TiffTags<impl Read + Seek>, directory: &Directory) -> io::Result<Option<(u32, u32)>> {
    if tags.number(directory, tag::COMPRESSION)?.is_some_and(|coding| JPEGS.contains(&coding))
        && tags.number(directory, tag::PHOTOMETRIC)?.is_none_or(|samples| !RAW_SAMPLES.contains(&samples))
    {
        return Ok(None);
    }
    let width = tags.number(directory, tag::WIDTH)?.and_then(|side| u32::try_from(side).ok());
    let height = tags.number(directory, tag::HEIGHT)?.and_then(|side| u32::try_from(side).ok());
    Ok(width.zip(height).filter(|size| pixels(*size) > 0))
}

/// Returns offset and length of the JPEGs that a directory names.
fn places(tags: &mut TiffTags<impl Read + Seek>, directory: &Directory) -> io::Result<Vec<(u64, u64)>> {
    let mut found: Vec<(u64, u64)> = tags.place(directory, JPEG_FROM_RAW).into_iter().collect();
    let mut pair = |offset, bytes| -> io::Result<Option<(u64, u64)>> {
        match (tags.numbers(directory, offset)?.as_slice(), tags.numbers(directory, bytes)?.as_slice()) {
            (&[offset], &[bytes]) => Ok(Some((offset, bytes))),
            _ => Ok(None),
        }
    };
    found.extend(pair(tag::JPEG_OFFSET, tag::JPEG_BYTES)?);
    let strip = pair(tag::STRIP_OFFSETS, tag::STRIP_BYTES)?;
    let tile = pair(tag::TILE_OFFSETS, tag::TILE_BYTES)?;
    if tags.number(directory, tag::COMPRESSION)?.is_some_and(|coding| JPEGS.contains(&coding)) {
        found.extend(strip.or(tile));
    }
    Ok(found)
}

/// Returns the part of a file that has its EXIF block, as a TIFF; `None` if the file isn't built like one.
pub(super) fn block(reader: &mut (impl Read + Seek), most: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
    let Some(main) = tags.main()? else { return Ok(None) };
    let mut end = tags.extent(&main, MOST_VALUE_BYTES);
    for link in [tag::EXIF, tag::GPS] {
        if let Some(linked) = tags.linked(&main, link)? {
            end = end.max(tags.extent(&linked, MOST_VALUE_BYTES));
        }
    }
    let little_endian = tags.is_little_endian();
    let reader = tags.into_reader();
    let mut block = Vec::new();
    reader.seek(SeekFrom::Start(0))?;
    reader.take(end.min(most)).read_to_end(&mut block)?;
    // The tags are those of a TIFF, whatever number the maker has put in the place of its 42.
    if let Some(magic) = block.get_mut(2..4) {
        magic.copy_from_slice(if little_endian { b"*\0" } else { b"\0*" });
    }
    Ok(Some(block))
}
