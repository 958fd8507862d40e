//! Reads when, where and how a photo was taken from its EXIF block.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use exif::{DateTime, Exif, In, Rational, Reader, Tag, Value};
use image::ImageFormat;
use jiff::civil;

use super::super::photo_format::PhotoFormat;
use super::heif;
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::{GeoPlace, MediaError, Orientation};

/// A TIFF must be read whole to find its tags; EXIF is ignored in a TIFF larger than this many bytes.
const MOST_TIFF_BYTES: u64 = 256 << 20;

/// How many bytes of a JPEG are searched for its block, which comes before the picture, among colour profiles
/// and previews.
const MOST_JPEG_HEAD_BYTES: u64 = 1 << 20;

/// The largest offset from UTC in minutes. Offsets are whole quarter hours.
const MOST_OFFSET_MIN: i64 = 14 * 60;

/// The facts read from the block; empty if there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExifFacts {
    pub orientation: Orientation,
    pub taken: Option<CaptureTime>,
    pub place: Option<GeoPlace>,
    pub camera: Option<String>,
}

/// Reads the EXIF block of a photo; returns the readable part of a damaged one.
pub(crate) fn read(reader: &mut (impl BufRead + Seek), format: PhotoFormat) -> Result<ExifFacts, MediaError> {
    let bytes = reader.seek(SeekFrom::End(0))?;
    reader.rewind()?;
    let none = match format {
        PhotoFormat::Raster(ImageFormat::Gif | ImageFormat::Bmp) => true,
        PhotoFormat::Raster(ImageFormat::Tiff) => bytes > MOST_TIFF_BYTES,
        _ => false,
    };
    let block = match none {
        true => None,
        false => block(reader, format)
            .or_else(|error| error.distill_partial_result(|_| {}))
            .map(Some)
            .or_else(unless_unreadable)?,
    };
    Ok(block.as_ref().map_or_else(ExifFacts::none, ExifFacts::new))
}

fn block(reader: &mut (impl BufRead + Seek), format: PhotoFormat) -> Result<Exif, exif::Error> {
    let mut exif = Reader::new();
    exif.continue_on_error(true);
    match format {
        PhotoFormat::Jpeg => {
            exif.read_raw(exif::get_exif_attr_from_jpeg(&mut reader.take(MOST_JPEG_HEAD_BYTES))?)
        }
        PhotoFormat::Heic | PhotoFormat::Avif => {
            let none = exif::Error::NotFound("no block belongs to the picture");
            exif.read_raw(heif::exif(&heif::whole(reader)?).ok_or(none)?)
        }
        PhotoFormat::Raster(_) => exif.read_from_container(reader),
    }
}

/// An unreadable block counts as no block; a disk failure is an error.
fn unless_unreadable(error: exif::Error) -> Result<Option<Exif>, MediaError> {
    match error {
        exif::Error::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error.into()),
        _ => Ok(None),
    }
}

impl ExifFacts {
    fn none() -> Self {
        Self { orientation: Orientation::UPRIGHT, taken: None, place: None, camera: None }
    }

    fn new(exif: &Exif) -> Self {
        let number = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        Self {
            orientation: number.map_or(Orientation::UPRIGHT, Orientation::from_exif),
            taken: taken(exif),
            place: place(exif),
            camera: camera(text(exif, Tag::Make), text(exif, Tag::Model)),
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

/// Returns the first valid time among exposure, digitisation and file creation, with its time zone. Each has
/// an offset tag of its own.
fn taken(exif: &Exif) -> Option<CaptureTime> {
    let clocks = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized),
        (Tag::DateTime, Tag::OffsetTime),
    ];
    let (local_s, zone) = clocks.into_iter().find_map(|(clock, zone)| {
        Some((wall_clock_s(&DateTime::from_ascii(ascii(exif, clock)?).ok()?)?, zone))
    })?;
    let said = [zone, Tag::OffsetTime].into_iter().find_map(|zone| offset_min(ascii(exif, zone)?));
    let offset_min = said.or_else(|| zone_by_satellite(local_s, satellite_s(exif)?));
    Some(CaptureTime::new(local_s, offset_min, TimeSource::Exif))
}

fn wall_clock_s(time: &DateTime) -> Option<i64> {
    let date = civil::Date::new(time.year.try_into().ok()?, time.month as i8, time.day as i8).ok()?;
    // A clock that was never set has the year 0.
    if date.year() < 1900 {
        return None;
    }
    // Leap seconds are valid in EXIF but not in civil time.
    let second = time.second.min(59) as i8;
    let clock = civil::Time::new(time.hour as i8, time.minute as i8, second, 0).ok()?;
    Some(utc_s(date.to_datetime(clock)))
}

fn utc_s(time: civil::DateTime) -> i64 {
    time.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |time| time.timestamp().as_second())
}

/// Parses an offset such as `+02:00` into minutes.
fn offset_min(text: &[u8]) -> Option<i16> {
    let text = str::from_utf8(text).ok()?.trim_end_matches(['\0', ' ']);
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        ("Z", "") => return Some(0),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let minutes = hours.parse::<u8>().ok()? as i16 * 60 + minutes.parse::<u8>().ok()? as i16;
    (i64::from(minutes) <= MOST_OFFSET_MIN).then_some(sign * minutes)
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
    let date = str::from_utf8(ascii(exif, Tag::GPSDateStamp)?).ok()?;
    let mut parts = date.trim_end_matches(['\0', ' ']).split([':', '-']);
    let mut part = || parts.next()?.parse::<i16>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let date = civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    let [hours, minutes, seconds] = three(exif, Tag::GPSTimeStamp)?;
    let clock_s = hours * 3600.0 + minutes * 60.0 + seconds;
    (0.0..86_401.0).contains(&clock_s).then(|| utc_s(date.at(0, 0, 0, 0)) + clock_s as i64)
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
    fn zones_are_read_or_found() {
        assert_eq!(offset_min(b"+02:00"), Some(120));
        assert_eq!(offset_min(b"-03:30\0"), Some(-210));
        assert_eq!(offset_min(b"   :  "), None);
        assert_eq!(offset_min(b"+99:00"), None);
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

    #[test]
    fn impossible_dates_are_no_dates() {
        let read = |text: &[u8]| wall_clock_s(&DateTime::from_ascii(text).ok()?);
        assert_eq!(read(b"1970:01:02 00:00:05"), Some(86_405));
        assert_eq!(read(b"0000:00:00 00:00:00"), None);
        assert_eq!(read(b"2020:02:30 10:00:00"), None);
    }
}
