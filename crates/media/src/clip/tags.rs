//! Reads when and where a clip was shot from the tags of its container.

use std::ffi::CStr;
use std::ptr;

use ffmpeg_next::{DictionaryRef, ffi};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::super::photo::exif::camera as named;
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::GeoPlace;

/// Earlier years come from clocks that were never set: they begin in 1904 (QuickTime) or 1970 (Unix).
const LEAST_YEAR: i16 = 1980;

/// Returns the capture time with its time zone if the phone stored it, else the container's UTC.
pub(super) fn taken(tags: &[DictionaryRef<'_>]) -> Option<CaptureTime> {
    let zoned = find(tags, &[c"com.apple.quicktime.creationdate"]).and_then(|text| zoned(&text));
    zoned.or_else(|| utc(&find(tags, &[c"creation_time"])?))
}

pub(super) fn place(tags: &[DictionaryRef<'_>]) -> Option<GeoPlace> {
    iso6709(&find(tags, &[c"com.apple.quicktime.location.ISO6709", c"location", c"location-eng"])?)
}

pub(super) fn camera(tags: &[DictionaryRef<'_>]) -> Option<String> {
    let make = find(tags, &[c"com.apple.quicktime.make", c"com.android.manufacturer", c"make"]);
    let model = find(tags, &[c"com.apple.quicktime.model", c"com.android.model", c"model"]);
    named(make, model)
}

fn find(tags: &[DictionaryRef<'_>], names: &[&CStr]) -> Option<String> {
    names.iter().flat_map(|name| tags.iter().filter_map(|tags| text(tags, name))).next()
}

/// Returns a tag's text. It may not be valid UTF-8, which the wrapper crate's own reader assumes.
pub(super) fn text(tags: &DictionaryRef<'_>, name: &CStr) -> Option<String> {
    // SAFETY: the dictionary is alive as long as its reference; its values end in a zero.
    let value = unsafe {
        let entry = ffi::av_dict_get(tags.as_ptr(), name.as_ptr(), ptr::null(), 0);
        CStr::from_ptr(entry.as_ref()?.value)
    };
    let value = value.to_string_lossy();
    let value = value.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    (!value.is_empty()).then(|| value.to_owned())
}

/// `2019-06-12T15:34:12+0200`.
fn zoned(text: &str) -> Option<CaptureTime> {
    let (clock, zone) = text.split_at_checked(text.rfind(['+', '-', 'Z'])?)?;
    let clock: DateTime = clock.parse().ok().filter(|clock: &DateTime| clock.year() >= LEAST_YEAR)?;
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let minutes = match (zone, digits.len()) {
        ("Z", _) => 0,
        (_, 4) => digits[..2].parse::<i16>().ok()? * 60 + digits[2..].parse::<i16>().ok()?,
        _ => return None,
    };
    let offset_min = Some(if zone.starts_with('-') { -minutes } else { minutes });
    let local_s = Offset::UTC.to_timestamp(clock).ok()?.as_second();
    Some(CaptureTime::new(local_s, offset_min, TimeSource::Tag))
}

/// Parses a UTC time. The local time is unknown, so UTC is used with an explicit offset of zero.
fn utc(text: &str) -> Option<CaptureTime> {
    let time: Timestamp = text.parse().ok()?;
    let year = time.to_zoned(TimeZone::UTC).year();
    (year >= LEAST_YEAR).then_some(CaptureTime::new(time.as_second(), Some(0), TimeSource::Header))
}

/// Parses ISO 6709, annex H: `+27.5916+086.5640+8850/`; degrees, with or without minutes and seconds.
fn iso6709(text: &str) -> Option<GeoPlace> {
    let text = text.trim_end_matches('/');
    let second = text.get(1..)?.find(['+', '-'])? + 1;
    let (lat, rest) = text.split_at(second);
    let end = rest.get(1..)?.find(['+', '-', 'C', '/']).map_or(rest.len(), |at| at + 1);
    let lat_e7 = angle_e7(lat, 2).filter(|lat| lat.abs() <= 900_000_000)?;
    let lon_e7 = angle_e7(&rest[..end], 3).filter(|lon| lon.abs() <= 1_800_000_000)?;
    (lat_e7 != 0 || lon_e7 != 0).then_some(GeoPlace { lat_e7, lon_e7 })
}

fn angle_e7(text: &str, degree_digits: usize) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1.0, digits),
        ("-", digits) => (-1.0, digits),
        _ => return None,
    };
    if !digits.is_ascii() || digits.contains(['e', 'E']) {
        return None;
    }
    let whole = digits.find('.').unwrap_or(digits.len());
    let number = |range: &str| range.parse::<f64>().ok();
    let degrees = match whole.checked_sub(degree_digits)? {
        0 => number(digits)?,
        2 => number(&digits[..degree_digits])? + number(&digits[degree_digits..])? / 60.0,
        4 => {
            let (minutes, seconds) = (degree_digits, degree_digits + 2);
            let minutes = number(&digits[minutes..seconds])? / 60.0;
            number(&digits[..degree_digits])? + minutes + number(&digits[seconds..])? / 3600.0
        }
        _ => return None,
    };
    Some((sign * degrees * 1e7).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_all_three_precisions() {
        let place = |text| iso6709(text).map(|place| (place.lat_e7, place.lon_e7));
        assert_eq!(place("+27.5916+086.5640+8850/"), Some((275_916_000, 865_640_000)));
        assert_eq!(place("-3351.5-15112.6/"), Some((-338_583_333, -1_512_100_000)));
        assert_eq!(place("+404530+0735930.6CRSWGS_84/"), Some((407_583_333, 739_918_333)));
        assert_eq!(place("+00.0000+000.0000/"), None);
        for wrong in ["", "+", "+1", "+91.0+000.0/", "home", "+27.5916", "é+é+"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_with_and_without_a_zone() {
        let shot = zoned("2019-06-12T15:34:12+0200").unwrap();
        assert_eq!((shot.utc_s(0), shot.offset_min), (1_560_346_452, Some(120)));
        assert_eq!(zoned("2019-06-12T15:34:12Z").unwrap().offset_min, Some(0));
        assert_eq!(utc("2019-06-12T13:34:12.000000Z").unwrap().utc_s(600), 1_560_346_452);
        assert_eq!(utc("1904-01-01T00:00:00.000000Z"), None);
        for wrong in ["", "Z", "yesterday", "2019-06-12T15:34:12+2"] {
            assert_eq!(zoned(wrong), None, "{wrong}");
        }
    }
}
