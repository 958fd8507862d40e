use super::{count, few};
use mmm_base::{MediaPath, TimeSource};
use mmm_facts::{MediumTime, TimeCertainty, TimeRemark};

/// A remark about capture times: what is odd, the label of its place in the spec, and what to do.
pub struct TimeText {
    pub message: String,
    pub label: &'static str,
    pub help: String,
}

/// Returns what is odd about capture times, and the keys that correct it.
pub fn time_remark(remark: &TimeRemark) -> TimeText {
    match remark {
        TimeRemark::YearsAway { media, camera, year, days } => {
            years_away(media, camera.as_deref(), *year, *days)
        }
        TimeRemark::AloneInChapter { path, camera, nearest_s } => {
            let side = if *nearest_s < 0 { "after" } else { "before" };
            let apart = rough(nearest_s.abs());
            let entry = format!("set `clock: \"{}\"` or `zone` on its entry", shift(*nearest_s));
            TimeText {
                message: format!(
                    "`{path}` is a chapter of its own, {apart} {side} the nearest of its folder's other media"
                ),
                label: "included here",
                help: format!(
                    "if its clock was wrong or in another time zone, {entry}{}",
                    for_camera(camera.as_deref())
                ),
            }
        }
        TimeRemark::NeverTogether { cameras: (fewer, more), apart_s } => TimeText {
            message: format!(
                "`{fewer}` and `{more}` were never used at the same time; {} lie between",
                rough(*apart_s)
            ),
            label: "taken by both",
            help: format!(
                "if a clock was wrong, write `cameras: {{ \"{fewer}\": {{ clock: \"{}\" }} }}`; `clock: 0s` says \
                 that it was right",
                shift(-apart_s)
            ),
        },
        TimeRemark::UnknownCamera { name, known } => TimeText {
            message: format!("no medium was taken with the camera `{name}`"),
            label: "this camera",
            help: match known.as_slice() {
                [] => "remove it: no medium names its camera; set `clock` on entries of `media` instead"
                    .to_owned(),
                known => format!("name one of the cameras of the media: {}", few(&quoted(known), 5)),
            },
        },
    }
}

fn years_away(media: &[MediaPath], camera: Option<&str>, year: i16, days: i64) -> TimeText {
    let who = match media {
        [one] => format!("`{one}` is"),
        [first, rest @ ..] => format!("`{first}` and {} are", count(rest.len(), "other", "others")),
        [] => "some media are".to_owned(),
    };
    let side = if days < 0 { "after" } else { "before" };
    let message = format!("{who} dated {year}, {} {side} most other media", rough(days.abs() * 86_400));
    let sign = if days < 0 { '-' } else { '+' };
    let clock = format!("clock: \"{sign}{}d\"", days.abs());
    let help = match camera {
        Some(camera) => format!(
            "if the camera's clock was wrong, write `cameras: {{ \"{camera}\": {{ {clock} }} }}` with the right \
             difference, or `taken` with a date on an entry of `media`"
        ),
        None => format!(
            "if that is wrong, write `taken` with a date, or `{clock}` with the right difference, on an entry of \
             `media`"
        ),
    };
    TimeText { message, label: "included here", help }
}

fn for_camera(camera: Option<&str>) -> String {
    camera.map_or(String::new(), |camera| format!(", or on `\"{camera}\"` below `cameras`"))
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// Returns a shift as `clock` takes it, to the minute.
fn shift(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = (seconds.abs() + 30) / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let part = |number: i64, unit: &str| if number > 0 { format!("{number}{unit}") } else { String::new() };
    let text = format!("{}{}{}", part(days, "d"), part(hours, "h"), part(minutes, "m"));
    format!("{sign}{}", if text.is_empty() { "0m" } else { &text })
}

/// Returns a length of time in its largest two units: `2 h 17 min`.
fn rough(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    let (hours, days) = (minutes / 60, minutes / 1440);
    match () {
        () if days >= 730 => count((days / 365) as usize, "year", "years"),
        () if days >= 2 => count(days as usize, "day", "days"),
        () if hours == 0 => format!("{minutes} min"),
        () if minutes % 60 == 0 => format!("{hours} h"),
        () => format!("{hours} h {} min", minutes % 60),
    }
}

/// Returns what a capture time was read from.
pub fn time_source(source: TimeSource) -> &'static str {
    match source {
        TimeSource::Spec => "`taken` in the spec",
        TimeSource::Exif => "EXIF",
        TimeSource::Tag => "the clip's tags",
        TimeSource::Header => "the clip's header",
        TimeSource::Xmp => "XMP",
        TimeSource::Iptc => "IPTC",
        TimeSource::Text => "a text in the file",
        TimeSource::Sidecar => "the XMP file beside it",
        TimeSource::Takeout => "Google's JSON beside it",
        TimeSource::Name => "its name",
        TimeSource::Version => "another version of it",
        TimeSource::Changed => "the last change in EXIF",
        TimeSource::Neighbour => "the medium listed beside it",
    }
}

/// Returns what is uncertain about a capture time; `None` if nothing is.
pub fn time_certainty(time: &MediumTime) -> Option<&'static str> {
    match time.certainty {
        TimeCertainty::Stated | TimeCertainty::Neighbour => None,
        TimeCertainty::ZoneAssumed => Some("time zone of most media"),
        TimeCertainty::LocalForUtc => Some("local time, though the file claims UTC"),
        TimeCertainty::Day => Some("only the day"),
    }
}
