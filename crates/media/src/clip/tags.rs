//! Reads when and where a clip was shot from the tags of its container.

use std::ffi::CStr;

use ffmpeg_next::DictionaryRef;

use super::super::photo::exif::camera as named;
use super::super::photo::maker_note::known_id;
use super::super::tag_text::tag_text;
use super::avi_dates::AviDates;
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::GeoPlace;
use mmm_spec::{WrittenTime, date_text};

/// The start of 1980. It and earlier years come from clocks that were never set: they begin in 1904 (QuickTime),
/// 1970 (Unix) or 1980 (FAT).
const UNSET_S: i64 = 315_532_800;

/// Seconds from 1601, where Windows begins to count, to 1970.
const WINDOWS_S: i64 = 11_644_473_600;

const DAY_S: i64 = 24 * 3600;

/// Tags with the time of the exposure and its zone, which Apple's devices and programs keep in exports.
const CREATION: [&CStr; 1] = [c"com.apple.quicktime.creationdate"];

/// Tags with a date that a camera or a program wrote as text. `date` is libav's name of QuickTime's `©day`.
const WRITTEN: [&CStr; 3] = [c"date_recorded", c"date", c"date_digitized"];

/// Returns the capture time: as written in a tag, else that of the header, which is UTC or, in an AVI, the
/// camera's clock.
pub(super) fn taken(tags: &[DictionaryRef<'_>], avi: Option<&AviDates>) -> Option<CaptureTime> {
    let dates = |names: &[&CStr]| all(tags, names).iter().filter_map(|text| date(text)).collect::<Vec<_>>();
    if let Some(AviDates { digitised, created }) = avi {
        let written = [digitised, created].into_iter().flatten().filter_map(|text| date(text));
        let found: Vec<_> = written.chain(dates(&[c"creation_time", c"date"])).collect();
        return Some(to_the_second(&found).or(found.first().copied())?.from_source(TimeSource::Header));
    }
    let written = dates(&WRITTEN);
    if let Some(exact) = to_the_second(&dates(&CREATION)).or_else(|| to_the_second(&written)) {
        return Some(exact.from_source(TimeSource::Tag));
    }
    let header = dates(&[c"creation_time"]).first().copied().or_else(|| encoding_time(tags));
    // Where both agree on the day, the header knows the second. The header of an export is that of the export.
    let near = |day: &WrittenTime, header: WrittenTime| {
        (-DAY_S..2 * DAY_S).contains(&header.local_s.saturating_sub(day.local_s))
    };
    match (written.first(), header) {
        (Some(day), Some(header)) if near(day, header) => Some(header.from_source(TimeSource::Header)),
        (Some(day), _) => Some(day.from_source(TimeSource::Tag)),
        (None, header) => Some(header?.from_source(TimeSource::Header)),
    }
}

fn to_the_second(dates: &[WrittenTime]) -> Option<WrittenTime> {
    dates.iter().find(|date| !date.day_only).copied()
}

fn date(text: &str) -> Option<WrittenTime> {
    date_text(text).filter(|date| date.local_s > UNSET_S || date.day_only && date.local_s == UNSET_S)
}

/// Reads the time that Windows Media has, in tenths of a microsecond since 1601, UTC.
fn encoding_time(tags: &[DictionaryRef<'_>]) -> Option<WrittenTime> {
    let ticks: i64 = find(tags, &[c"WM/EncodingTime"])?.parse().ok()?;
    let local_s = (ticks / 10_000_000).checked_sub(WINDOWS_S).filter(|&second| second > UNSET_S)?;
    Some(WrittenTime { local_s, offset_min: Some(0), day_only: false })
}

pub(super) fn place(tags: &[DictionaryRef<'_>]) -> Option<GeoPlace> {
    iso6709(&find(tags, &[c"com.apple.quicktime.location.ISO6709", c"location", c"location-eng"])?)
}

/// Returns the identifier of the Live Photo to which a clip belongs.
pub(super) fn live_id(tags: &[DictionaryRef<'_>]) -> Option<String> {
    known_id(&find(tags, &[c"com.apple.quicktime.content.identifier"])?)
}

/// Returns the camera by its maker and model, else by the marks that cameras without such tags leave.
pub(super) fn camera(tags: &[DictionaryRef<'_>]) -> Option<String> {
    let make = find(tags, &[c"com.apple.quicktime.make", c"com.android.manufacturer", c"make"]);
    let model = find(tags, &[c"com.apple.quicktime.model", c"com.android.model", c"model"]);
    let marks = || all(tags, &[c"handler_name", c"encoder", c"software"]);
    let sony = || find(tags, &[c"major_brand"]).filter(|brand| brand == "XAVC").map(|_| "Sony".to_owned());
    named(make, model).or_else(|| marks().iter().find_map(|mark| by_mark(mark))).or_else(sony)
}

/// Recognises the name of a track or of an encoder: `GoPro AVC`, `DJI.AVC`, `DJI OsmoPocket3`, `CanonMVI06`.
fn by_mark(mark: &str) -> Option<String> {
    const TRACKS: [&str; 8] = ["AVC", "HEVC", "H.264", "H.265", "META", "DBGI", "TMCD", "AAC"];
    // The name of a track may begin with its length.
    let mark = mark.trim_matches(|letter: char| !letter.is_alphanumeric());
    let maker = ["GoPro", "DJI", "Insta360", "Canon"].into_iter().find(|maker| mark.starts_with(maker))?;
    let is_track = |name: &str| TRACKS.iter().any(|track| name.to_uppercase().starts_with(track));
    match mark[maker.len()..].strip_prefix(' ') {
        Some(model) if maker == "DJI" && !is_track(model) => Some(mark.to_owned()),
        _ => Some(maker.to_owned()),
    }
}

fn find(tags: &[DictionaryRef<'_>], names: &[&CStr]) -> Option<String> {
    all(tags, names).into_iter().next()
}

/// Returns the texts of all tags of these names, in the order of the names.
fn all(tags: &[DictionaryRef<'_>], names: &[&CStr]) -> Vec<String> {
    names.iter().flat_map(|name| tags.iter().filter_map(|tags| tag_text(tags, name))).collect()
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
    use ffmpeg_next::Dictionary;

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

    /// What a clip with these tags says: seconds, offset, source, and whether only the day is known.
    fn said(tags: &[(&str, &str)]) -> Option<(i64, Option<i16>, TimeSource, bool)> {
        let CaptureTime { local_s, offset_min, source, day_only } = read(tags, None)?;
        Some((local_s, offset_min, source, day_only))
    }

    fn read(tags: &[(&str, &str)], avi: Option<&AviDates>) -> Option<CaptureTime> {
        let tags = Dictionary::from_iter(tags);
        // SAFETY: the dictionary outlives the reference.
        taken(&[unsafe { DictionaryRef::wrap(tags.as_ptr()) }], avi)
    }

    /// 12 June 2019, 15:34:12.
    const SHOT: i64 = 1_560_353_652;

    const EXPORTED: (&str, &str) = ("creation_time", "2024-02-01T08:00:00.000000Z");

    #[test]
    fn a_written_clock_comes_before_the_header() {
        let shot = Some((SHOT, Some(120), TimeSource::Tag, false));
        let keyed = ("com.apple.quicktime.creationdate", "2019-06-12T15:34:12+0200");
        assert_eq!(said(&[EXPORTED, keyed]), shot);
        assert_eq!(said(&[EXPORTED, ("date", "2019-06-12T15:34:12+0200")]), shot);
        assert_eq!(said(&[EXPORTED, ("DATE_RECORDED", "2019-06-12 15:34:12 +02:00")]), shot);
        assert_eq!(said(&[("date", "2001-01-01T00:00:00Z"), keyed]), shot);
        let unzoned = Some((SHOT, None, TimeSource::Tag, false));
        assert_eq!(said(&[EXPORTED, ("date", "2019-06-12 15:34:12")]), unzoned);
        // A tag that says nothing is passed over.
        let wrong = ("com.apple.quicktime.creationdate", "0000-00-00T00:00:00+0000");
        assert_eq!(said(&[EXPORTED, wrong, ("date", "2019-06-12T15:34:12+0200")]), shot);
    }

    #[test]
    fn a_day_counts_if_the_header_is_of_another() {
        let day = Some((SHOT - 56_052, None, TimeSource::Tag, true));
        assert_eq!(said(&[EXPORTED, ("date", "2019-06-12")]), day);
        assert_eq!(said(&[("date", "20190612")]), day);
        let header = ("creation_time", "2019-06-12T15:34:12.000000Z");
        let second = Some((SHOT, Some(0), TimeSource::Header, false));
        assert_eq!(said(&[header, ("date", "2019-06-12")]), second);
        assert_eq!(said(&[header, ("date", "2019")]), second);
        assert_eq!(said(&[header]), second);
    }

    #[test]
    fn clocks_that_were_never_set_say_nothing() {
        for unset in ["1904-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "soon"] {
            assert_eq!(said(&[("creation_time", unset), ("date", "2019")]), None, "{unset}");
        }
        assert!(said(&[("creation_time", "1980-01-01T00:00:01Z")]).is_some());
        assert!(said(&[("date", "1980-01-01")]).is_some());
        let second = Some((SHOT, Some(0), TimeSource::Header, false));
        assert_eq!(said(&[("WM/EncodingTime", "132048272520000000")]), second);
        assert_eq!(said(&[("WM/EncodingTime", "0")]), None);
    }

    #[test]
    fn the_dates_of_an_avi_are_on_the_cameras_clock() {
        let read = |digitised: Option<&str>, created: Option<&str>| {
            let avi =
                AviDates { digitised: digitised.map(str::to_owned), created: created.map(str::to_owned) };
            let time = read(&[("creation_time", "2008-07-05/ 14:36:10")], Some(&avi)).unwrap();
            assert_eq!((time.offset_min, time.source), (None, TimeSource::Header));
            (time.local_s, time.day_only)
        };
        let at = |text| date_text(text).unwrap().local_s;
        assert_eq!(read(Some("SAT JUL 05 14:32:10 2008\n\0"), None), (at("2008-07-05 14:32:10"), false));
        assert_eq!(read(Some("2008:07:05 14:38:10"), None), (at("2008-07-05 14:38:10"), false));
        assert_eq!(read(None, Some("2008-07-05T14:40:10")), (at("2008-07-05 14:40:10"), false));
        assert_eq!(read(None, Some("2008-07-05")), (at("2008-07-05 14:36:10"), false));
        assert_eq!(read(Some("0000/00/00/ 00:00:00"), None), (at("2008-07-05 14:36:10"), false));
    }

    #[test]
    fn cameras_are_known_by_their_marks() {
        for (mark, camera) in [
            ("\tGoPro AVC  ", Some("GoPro")),
            ("GoPro H.265 encoder", Some("GoPro")),
            ("DJI.AVC", Some("DJI")),
            ("DJI meta", Some("DJI")),
            ("DJI OsmoPocket3", Some("DJI OsmoPocket3")),
            ("CanonMVI06", Some("Canon")),
            ("VideoHandler", None),
            ("Lavc59.37.100 libx264", None),
        ] {
            assert_eq!(by_mark(mark).as_deref(), camera, "{mark}");
        }
    }
}
