//! Reads when, where and how a photo was taken from its EXIF block, and when from the other blocks that say so.

use std::io::{BufRead, Seek};

use exif::{Context, Exif, In, Rational, Reader, Tag, Value};
use image::ImageFormat;

use super::super::photo_format::PhotoFormat;
use super::blocks::{self, in_resources};
use super::maker_note::live_id;
use super::page;
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::{GeoPlace, MediaError, Orientation, SaidSource};
use mmm_spec::{Remarks, WrittenTime, XmpMotion, date_text, xmp_motion, zone_text};

/// The largest offset from UTC in minutes. Offsets are whole quarter hours.
const MOST_OFFSET_MIN: i64 = 14 * 60;

const DAY_S: i64 = 24 * 3600;

/// The tags of a TIFF that hold its other blocks: XMP, IPTC, and Photoshop's list, which has the IPTC too.
const XMP: Tag = Tag(Context::Tiff, 700);
const IPTC: Tag = Tag(Context::Tiff, 33_723);
const PHOTOSHOP: Tag = Tag(Context::Tiff, 34_377);

/// The tags in which Windows keeps stars, and texts in UTF-16.
const RATING: Tag = Tag(Context::Tiff, 0x4746);
const WINDOWS_TITLE: Tag = Tag(Context::Tiff, 0x9c9b);
const WINDOWS_COMMENT: Tag = Tag(Context::Tiff, 0x9c9c);
const WINDOWS_KEYWORDS: Tag = Tag(Context::Tiff, 0x9c9e);

/// The facts read from the blocks; empty if there are none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExifFacts {
    pub orientation: Orientation,
    /// From EXIF, else from another block, else the time of the last change.
    pub taken: Option<CaptureTime>,
    pub place: Option<GeoPlace>,
    pub camera: Option<String>,
    /// What people said, in the order in which its sources are believed.
    pub remarks: Vec<(SaidSource, Remarks)>,
    /// The identifier of the Live Photo to which it belongs.
    pub live_id: Option<String>,
    /// What XMP says about the moving picture in the file.
    pub motion: Option<XmpMotion>,
}

/// Reads the blocks of a photo; returns the readable part of a damaged one.
pub(crate) fn read(reader: &mut (impl BufRead + Seek), format: PhotoFormat) -> Result<ExifFacts, MediaError> {
    reader.rewind()?;
    let mut blocks = blocks::read(reader, format)?;
    let exif = blocks.exif.take().and_then(parsed);
    let mut facts = exif.as_ref().map_or_else(ExifFacts::none, ExifFacts::new);
    if let Some(exif) = &exif {
        blocks.xmp = blocks.xmp.or_else(|| bytes(exif, XMP));
        let listed = || in_resources(&bytes(exif, PHOTOSHOP)?).map(<[u8]>::to_vec);
        blocks.iptc = blocks.iptc.or_else(|| bytes(exif, IPTC)).or_else(listed);
    }
    if facts.taken.is_none() {
        facts.taken = blocks.taken().or_else(|| changed(exif.as_ref()?));
    }
    facts.remarks = blocks.remarks();
    facts.motion = blocks.xmp.as_deref().and_then(|xmp| xmp_motion(&String::from_utf8_lossy(xmp)));
    facts.remarks.extend(exif.as_ref().map(|exif| (SaidSource::Exif, exif_remarks(exif))));
    if format == PhotoFormat::Raster(ImageFormat::Tiff) {
        // The picture to be shown may not be the first, and the block of a large file isn't read.
        facts.orientation = page::orientation(reader)?.unwrap_or(facts.orientation);
    }
    Ok(facts)
}

/// An unreadable block counts as no block.
fn parsed(block: Vec<u8>) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader.read_raw(block).or_else(|error| error.distill_partial_result(|_| {})).ok()
}

impl ExifFacts {
    fn none() -> Self {
        let (orientation, remarks) = (Orientation::UPRIGHT, Vec::new());
        let (live_id, motion) = (None, None);
        Self { orientation, taken: None, place: None, camera: None, remarks, live_id, motion }
    }

    fn new(exif: &Exif) -> Self {
        let number = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        Self {
            orientation: number.map_or(Orientation::UPRIGHT, Orientation::from_exif),
            taken: taken(exif),
            place: place(exif),
            camera: camera(text(exif, Tag::Make), text(exif, Tag::Model)),
            remarks: Vec::new(),
            live_id: bytes(exif, Tag::MakerNote).and_then(|note| live_id(&note)),
            motion: None,
        }
    }
}

/// Joins maker and model, without repeating the maker (`Canon` and `Canon EOS 80D`).
pub(crate) fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) => {
            let first = |name: &str| name.split(' ').next().unwrap_or_default().to_lowercase();
            Some(if first(&make) == first(&model) { model } else { format!("{make} {model}") })
        }
        (make, model) => model.or(make),
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let bytes = ascii(exif, tag)?;
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    (!text.is_empty()).then(|| text.to_owned())
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

/// Returns what people said according to the block itself.
fn exif_remarks(exif: &Exif) -> Remarks {
    let mut remarks = Remarks::default();
    let stars = exif.get_field(RATING, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    stars.into_iter().for_each(|stars| remarks.rate(f64::from(stars)));
    wide_text(exif, WINDOWS_TITLE).iter().for_each(|title| remarks.name(title));
    let keywords = wide_text(exif, WINDOWS_KEYWORDS).unwrap_or_default();
    keywords.split(';').for_each(|keyword| remarks.add_keyword(keyword));
    let captions = [text(exif, Tag::ImageDescription), wide_text(exif, WINDOWS_COMMENT)];
    captions.iter().flatten().for_each(|caption| remarks.describe(caption));
    remarks
}

/// Returns a text in UTF-16 of the lower byte first.
fn wide_text(exif: &Exif, tag: Tag) -> Option<String> {
    let bytes = bytes(exif, tag)?;
    let units: Vec<u16> = bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Returns the bytes of a tag. Some programs store them as numbers of four bytes.
fn bytes(exif: &Exif, tag: Tag) -> Option<Vec<u8>> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(bytes.clone()),
        Value::Long(numbers) if exif.little_endian() => {
            Some(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
        }
        Value::Long(numbers) => Some(numbers.iter().flat_map(|number| number.to_be_bytes()).collect()),
        _ => None,
    }
}

/// Returns the first time of exposure and digitisation that is a date with a clock, with its time zone; else the
/// first that is a date, with the clock of the file's last change if that was on the same day.
fn taken(exif: &Exif) -> Option<CaptureTime> {
    let original = written(exif, Tag::DateTimeOriginal, Tag::OffsetTimeOriginal);
    let digitised = written(exif, Tag::DateTimeDigitized, Tag::OffsetTimeDigitized);
    let found = || [original, digitised].into_iter().flatten();
    let exact = found().find(|time| !time.day_only);
    let day = || {
        let day = found().next()?;
        let of_day = |time: &WrittenTime| time.local_s.div_euclid(DAY_S) == day.local_s.div_euclid(DAY_S);
        written(exif, Tag::DateTime, Tag::OffsetTime).filter(of_day).or(Some(day))
    };
    Some(exact.or_else(day)?.from_source(TimeSource::Exif))
}

/// Returns the time of the last change. It is that of the exposure only if no program wrote the file again.
fn changed(exif: &Exif) -> Option<CaptureTime> {
    Some(written(exif, Tag::DateTime, Tag::OffsetTime)?.from_source(TimeSource::Changed))
}

/// Returns the time of a tag, with its time zone. Each has an offset tag of its own. The first second of 1970 is
/// that of a clock that was never set.
fn written(exif: &Exif, clock: Tag, zone: Tag) -> Option<WrittenTime> {
    let time = date_text(&text(exif, clock)?).filter(|time| time.local_s != 0 || time.day_only)?;
    let said = || [zone, Tag::OffsetTime].into_iter().find_map(|zone| zone_text(&text(exif, zone)?));
    let by_satellite = || zone_by_satellite(time.local_s, satellite_s(exif)?);
    let offset_min = match time.day_only {
        true => time.offset_min,
        false => time.offset_min.or_else(said).or_else(by_satellite),
    };
    Some(WrittenTime { offset_min, ..time })
}

/// Returns the UTC offset in minutes that reconciles the local time with the GPS time, if there is one.
///
/// The GPS fix may be some minutes old and clocks drift, so the difference is rounded to the nearest quarter
/// hour and must be within five minutes of it.
fn zone_by_satellite(local_s: i64, utc_s: i64) -> Option<i16> {
    let ahead = local_s - utc_s;
    let quarters = (ahead + 450).div_euclid(900);
    let near = (ahead - quarters * 900).abs() <= 300;
    (near && (quarters * 15).abs() <= MOST_OFFSET_MIN).then_some((quarters * 15) as i16)
}

fn satellite_s(exif: &Exif) -> Option<i64> {
    let day_s = date_text(&text(exif, Tag::GPSDateStamp)?)?.local_s;
    let [hours, minutes, seconds] = three(exif, Tag::GPSTimeStamp)?;
    let clock_s = hours * 3600.0 + minutes * 60.0 + seconds;
    (0.0..86_401.0).contains(&clock_s).then_some(day_s + clock_s as i64)
}

fn three(exif: &Exif, tag: Tag) -> Option<[f64; 3]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => {
            let part = |at: usize| {
                parts
                    .get(at)
                    .filter(|part| part.denom != 0)
                    .map_or(Some(0.0), |part: &Rational| Some(part.to_f64()))
            };
            if parts.is_empty() { None } else { Some([part(0)?, part(1)?, part(2)?]) }
        }
        _ => None,
    }
}

fn place(exif: &Exif) -> Option<GeoPlace> {
    let angle = |value: Tag, side: Tag, most: f64, below: u8| {
        let [degrees, minutes, seconds] = three(exif, value)?;
        let angle = degrees + minutes / 60.0 + seconds / 3600.0;
        let sign = if ascii(exif, side)?.first()?.eq_ignore_ascii_case(&below) { -1.0 } else { 1.0 };
        (angle <= most).then(|| (sign * angle * 1e7).round() as i32)
    };
    let lat_e7 = angle(Tag::GPSLatitude, Tag::GPSLatitudeRef, 90.0, b'S')?;
    let lon_e7 = angle(Tag::GPSLongitude, Tag::GPSLongitudeRef, 180.0, b'W')?;
    // A receiver without a fix writes zeros; nobody takes photos in the Gulf of Guinea at 0/0.
    (lat_e7 != 0 || lon_e7 != 0).then_some(GeoPlace { lat_e7, lon_e7 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_satellites() {
        assert_eq!(zone_by_satellite(7200 + 130, 0), Some(120));
        assert_eq!(zone_by_satellite(-12_600, 0), Some(-210));
        assert_eq!(zone_by_satellite(7200 + 420, 0), None);
        assert_eq!(zone_by_satellite(90_000, 0), None);
    }

    #[test]
    fn a_maker_is_named_once() {
        let name = |make: &str, model: &str| camera(Some(make.into()), Some(model.into())).unwrap();
        assert_eq!(name("Canon", "Canon EOS 80D"), "Canon EOS 80D");
        assert_eq!(name("NIKON CORPORATION", "NIKON D750"), "NIKON D750");
        assert_eq!(name("Apple", "iPhone X"), "Apple iPhone X");
    }
}
