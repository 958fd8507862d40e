//! Formats numbers for people.

use mmm_base::Time;
use unicode_width::UnicodeWidthStr;

/// Formats a duration, such as `1:02.5` or `4.0 s`.
pub(super) fn length(time: Time) -> String {
    let tenths = (time.micros() + 50_000) / 100_000;
    let (minutes, seconds, tenth) = (tenths / 600, tenths / 10 % 60, tenths % 10);
    if minutes == 0 { format!("{seconds}.{tenth} s") } else { format!("{minutes}:{seconds:02}.{tenth}") }
}

/// Formats a time in the movie to the millisecond, such as `1:02.500`.
pub(super) fn timecode(time: Time) -> String {
    let millis = (time.micros() + 500) / 1000;
    format!("{}:{:02}.{:03}", millis / 60_000, millis / 1000 % 60, millis % 1000)
}

/// Formats a size, such as `12.3 MB`.
pub(super) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Formats seconds, such as `0.03 s`, `12 s` or `2 min 5 s`.
pub(super) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{s:.2} s"),
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 60.0 => format!("{s:.0} s"),
        s => format!("{} min {} s", s as u64 / 60, s as u64 % 60),
    }
}

/// Returns a text with spaces behind it, so that it is `wide` columns of a terminal wide. Marks above and below
/// letters have no column, and Chinese, Japanese and Korean letters have two.
pub(super) fn padded(text: &str, wide: usize) -> String {
    let missing = wide.saturating_sub(text.width());
    format!("{text}{:missing$}", "")
}

/// Formats a count, such as `1 photo` or `3 photos`.
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Returns text as it stands in HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns a wall clock's time as `2023-07-14T09:12:00`.
pub(super) fn civil(local_s: i64) -> Option<String> {
    let time = jiff::Timestamp::from_second(local_s).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

/// Returns a wall clock's time for people: `2023-07-14 09:12:00 +02:00`; without its zone if it is unknown, and
/// only the day if nothing else is known.
pub(super) fn clock(local_s: i64, offset_min: Option<i16>, day_only: bool) -> String {
    let Some(text) = civil(local_s) else { return "at an impossible time".to_owned() };
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let zone = offset_min.map_or(String::new(), |minutes| {
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.unsigned_abs();
        format!(" {sign}{:02}:{:02}", minutes / 60, minutes % 60)
    });
    if day_only { day.to_owned() } else { format!("{day} {time}{zone}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_well() {
        assert_eq!(length(Time::from_millis(62_500)), "1:02.5");
        assert_eq!(length(Time::from_millis(3_960)), "4.0 s");
        assert_eq!(timecode(Time::from_micros(62_500_400)), "1:02.500");
        assert_eq!(bytes(12_345_678), "12.3 MB");
        assert_eq!(seconds(125.2), "2 min 5 s");
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(padded("cafe\u{301}", 6), "cafe\u{301}  ");
        assert_eq!(padded("café", 6), "café  ");
        assert_eq!(padded("東京", 6), "東京  ");
        assert_eq!(padded("longer", 3), "longer");
    }
}
