use mmm_base::{CaptureTime, TimeSource};

use super::calendar::{Clock, Day, Half, half_before, half_of_day, local_s, of_24_hours};

/// A date as some program wrote it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WrittenTime {
    /// Seconds since 1970-01-01T00:00:00 on the clock that was written down.
    pub local_s: i64,
    /// Minutes by which that clock was ahead of UTC, if that was written down too.
    pub offset_min: Option<i16>,
    /// Whether only the day was written down; `local_s` is then its start.
    pub day_only: bool,
}

impl WrittenTime {
    /// Returns the capture time that `source` states with this date.
    pub fn from_source(self, source: TimeSource) -> CaptureTime {
        let Self { local_s, offset_min, day_only } = self;
        CaptureTime { local_s, offset_min, source, day_only }
    }
}

/// Clocks that were never set show earlier years, often 0.
const FIRST_YEAR: u32 = 1900;

/// The largest offset from UTC in minutes.
const MOST_OFFSET_MIN: u32 = 14 * 60;

/// More letters than any date has.
const MOST_LETTERS: usize = 100;

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The first of the ten digits in scripts that have their own: full-width, Arabic, Persian, Devanagari,
/// Bengali and Thai. Phones write dates in the digits of their language.
const ZEROS: [char; 6] = ['\u{ff10}', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];

/// Reads a date in any form that cameras and programs use: that of EXIF and what comes near it, ISO 8601, the
/// form of C's `ctime`, that of e-mail, and dates with the month in English. Hour 24 is the first hour of the
/// day it is written with, since cameras count from 1 to 24. Returns `None` for anything else, for zeros, and
/// for a day or a clock that does not exist.
pub fn date_text(text: &str) -> Option<WrittenTime> {
    let text = plain(text);
    in_numbers(&text).or_else(|| in_words(&text))
}

/// Reads an offset from UTC in minutes that is written by itself: `+02:00`, `+0200`, `Z`, `GMT+2`.
pub fn zone_text(text: &str) -> Option<i16> {
    zone(&plain(text))
}

/// Returns the text up to its first NUL in lower case, with ASCII digits, spaces and separators.
fn plain(text: &str) -> String {
    let text = text.trim_start_matches(['\0', '\u{feff}']).split('\0').next().unwrap_or_default();
    let letter = |letter: char| match letter {
        '年' | '月' | '년' | '월' => '-',
        '日' | '일' | '秒' | '초' => ' ',
        '时' | '時' | '시' | '分' | '분' | '：' => ':',
        '\u{2212}' => '-',
        other if other.is_whitespace() || matches!(other, '"' | '\'') => ' ',
        other => digit(other).unwrap_or_else(|| other.to_lowercase().next().unwrap_or(other)),
    };
    let text: String = text.chars().take(MOST_LETTERS).map(letter).collect();
    text.trim().to_owned()
}

fn digit(letter: char) -> Option<char> {
    let value = |zero: &char| u32::from(letter).checked_sub(u32::from(*zero)).filter(|&value| value < 10);
    ZEROS.iter().find_map(value).and_then(|value| char::from_digit(value, 10))
}

/// The rest of a text that is being read.
struct Unread<'a>(&'a str);

impl<'a> Unread<'a> {
    /// Reads a run of digits.
    fn digits(&mut self) -> Option<&'a str> {
        let end = self.0.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        (end > 0).then_some(digits)
    }

    /// Reads a number of at most two digits, after spaces.
    fn short(&mut self) -> Option<u32> {
        self.skip(" ");
        self.digits().filter(|digits| digits.len() <= 2)?.parse().ok()
    }

    /// Skips all letters that are in `set`.
    fn skip(&mut self, set: &str) {
        self.0 = self.0.trim_start_matches(|letter| set.contains(letter));
    }

    /// Reads what separates the parts of a date: a letter of `set` with or without spaces around it, or
    /// spaces alone.
    fn separator(&mut self, set: &str) -> Option<char> {
        let before = self.0;
        self.skip(" ");
        let found = self.0.chars().next().filter(|letter| set.contains(*letter));
        if let Some(letter) = found {
            self.0 = &self.0[letter.len_utf8()..];
        }
        self.skip(" ");
        found.or((self.0.len() < before.len()).then_some(' '))
    }
}

fn in_numbers(text: &str) -> Option<WrittenTime> {
    let mut rest = Unread(text);
    let day = day(&mut rest)?;
    let half = half_before(rest.0);
    let (before, behind) = half.map_or((None, rest.0.to_owned()), |(half, rest)| (Some(half), rest));
    rest.0 = &behind;
    rest.skip(" t,/-_:.");
    if !rest.0.starts_with(|letter: char| letter.is_ascii_digit()) {
        let midnight = local_s(day, (0, 0, 0)).filter(|_| day.0 >= FIRST_YEAR)?;
        return Some(WrittenTime { local_s: midnight, offset_min: zone(rest.0), day_only: true });
    }
    let clock = clock(&mut rest)?;
    time(day, clock, before, rest.0)
}

/// Returns the time, given what follows its clock: perhaps the half of the day, then perhaps the zone.
fn time(day: Day, clock: Clock, half: Option<Half>, behind: &str) -> Option<WrittenTime> {
    let behind = behind.trim_start();
    let (half, behind) = half_of_day(behind).map_or((half, behind), |(half, rest)| (Some(half), rest));
    let (hour, minute, second) = of_24_hours(clock, half);
    let hour = if hour == 24 { 0 } else { hour };
    let local_s = local_s(day, (hour, minute, second)).filter(|_| day.0 >= FIRST_YEAR)?;
    Some(WrittenTime { local_s, offset_min: zone(behind), day_only: false })
}

/// Reads a day: year first, or day and month first if it is clear which is which.
fn day(rest: &mut Unread<'_>) -> Option<Day> {
    let all = rest.0;
    let first = rest.digits()?;
    match first.len() {
        // The digits of a clock may follow without a break.
        8 | 12 | 14 | 17 => {
            rest.0 = &all[8..];
            Some((first[..4].parse().ok()?, first[4..6].parse().ok()?, first[6..8].parse().ok()?))
        }
        4 => {
            rest.separator(":/-._")?;
            let month = rest.short()?;
            rest.separator(":/-._")?;
            Some((first.parse().ok()?, month, rest.short()?))
        }
        1 | 2 => {
            let separator = rest.separator(":/-._")?;
            let second = rest.short()?;
            rest.separator(":/-._")?;
            let year = rest.digits().filter(|year| year.len() == 4)?.parse().ok()?;
            let (month, day) = month_and_day(first.parse().ok()?, second, separator)?;
            Some((year, month, day))
        }
        _ => None,
    }
}

/// Tells month and day apart. Dots are used where the day comes first; otherwise only a number above twelve
/// tells.
pub(super) fn month_and_day(first: u32, second: u32, separator: char) -> Option<(u32, u32)> {
    match (first, second) {
        _ if separator == '.' => Some((second, first)),
        (13.., ..=12) => Some((second, first)),
        (..=12, 13..) => Some((first, second)),
        _ if first == second => Some((first, second)),
        _ => None,
    }
}

/// Reads a clock, with or without seconds and their fraction.
fn clock(rest: &mut Unread<'_>) -> Option<Clock> {
    let hour = rest.digits()?;
    if matches!(hour.len(), 4 | 6 | 9) {
        let pair = |at: usize| hour.get(at..at + 2).map_or(Some(0), |pair| pair.parse().ok());
        skip_fraction(rest);
        return Some((pair(0)?, pair(2)?, pair(4)?));
    }
    let hour = (hour.len() <= 2).then(|| hour.parse().ok())??;
    let separator = rest.separator(":.-").filter(|separator| *separator != ' ')?;
    let minute = rest.short()?;
    let mut behind = Unread(rest.0);
    let same = behind.0.strip_prefix(separator);
    behind.0 = same.unwrap_or(behind.0);
    let second = same.and_then(|_| behind.short());
    if second.is_some() {
        rest.0 = behind.0;
        skip_fraction(rest);
    } else {
        rest.skip(":");
    }
    Some((hour, minute, second.unwrap_or(0)))
}

fn skip_fraction(rest: &mut Unread<'_>) {
    if let Some(fraction) = rest.0.strip_prefix([':', '.', ','])
        && fraction.starts_with(|letter: char| letter.is_ascii_digit())
    {
        rest.0 = fraction;
        rest.digits();
    }
}

/// Returns the minutes ahead of UTC that the text begins with: `+02:00`, `+0200`, `+2`, `z`, `utc`, `gmt+2`.
fn zone(text: &str) -> Option<i16> {
    let text = text.trim_start();
    let utc = ["utc", "gmt", "ut", "z"].iter().find_map(|name| text.strip_prefix(name));
    let utc = utc.filter(|rest| !rest.starts_with(char::is_alphanumeric));
    let text = utc.unwrap_or(text).trim_start();
    let sign = match text.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return utc.map(|_| 0),
    };
    let mut rest = Unread(&text[1..]);
    let digits = rest.digits()?;
    let hours = digits.get(..digits.len().min(2))?.parse::<u32>().ok()?;
    let minutes = match digits.len() {
        4 => digits[2..].parse().ok()?,
        1 | 2 if rest.0.starts_with(':') => {
            rest.0 = &rest.0[1..];
            rest.short()?
        }
        1 | 2 => 0,
        _ => return None,
    };
    // All zones in use are whole quarter hours.
    let ahead = hours * 60 + minutes;
    let is_zone = minutes < 60 && minutes % 15 == 0 && ahead <= MOST_OFFSET_MIN;
    is_zone.then(|| sign * ahead as i16)
}

/// Reads a date that names its month in English, in any order: `Sat Jul  5 14:34:10 2008`,
/// `Sat, 5 Jul 2008 14:34:10 +0200`, `July 5, 2008`.
fn in_words(text: &str) -> Option<WrittenTime> {
    let (mut year, mut month, mut day) = (None, None, None);
    let (mut clock_found, mut half, mut ahead) = (None, None, None);
    let text = text.replace("a. m", "a.m").replace("p. m", "p.m");
    for word in text.split([' ', ',']).flat_map(parts) {
        let mut rest = Unread(word);
        let month_found = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word));
        if word.contains(':') && clock_found.is_none() && !word.starts_with(['+', '-']) {
            clock_found = Some(clock(&mut rest)?);
            half = half.or(half_of_day(rest.0).map(|(half, _)| half));
            ahead = ahead.or(zone(rest.0));
        } else if let Some(at) = month_found {
            month = month.or(Some(at as u32 + 1));
        } else if let Some((found, _)) = half_of_day(word) {
            half = Some(found);
        } else if let Some(digits) = rest.digits() {
            let is_day = digits.len() <= 2 && ["", "st", "nd", "rd", "th"].contains(&rest.0);
            match digits.len() {
                4 if rest.0.is_empty() && year.is_none() => year = digits.parse().ok(),
                _ if is_day && day.is_none() => day = digits.parse().ok(),
                _ => return None,
            }
        } else {
            ahead = ahead.or(zone(word));
        }
    }
    let day = (year?, month?, day?);
    if let Some(clock) = clock_found {
        let found = time(day, clock, half, "")?;
        return Some(WrittenTime { offset_min: ahead, ..found });
    }
    let midnight = local_s(day, (0, 0, 0)).filter(|_| day.0 >= FIRST_YEAR)?;
    Some(WrittenTime { local_s: midnight, offset_min: ahead, day_only: true })
}

/// Splits `5-jul-2008` and `jul.` into their parts, and leaves clocks and zones whole.
fn parts(word: &str) -> Vec<&str> {
    let is_zone = word.starts_with(['+', '-']) || word.starts_with("utc") || word.starts_with("gmt");
    let whole = word.contains(':') || is_zone || half_of_day(word).is_some();
    let separators: &[char] =
        if whole || !word.contains(char::is_alphabetic) { &[] } else { &['-', '/', '.'] };
    word.split(separators).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn seconds(iso: &str) -> i64 {
        iso.parse::<DateTime>().unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
    }

    fn check(text: &str, iso: &str, offset_min: Option<i16>) {
        let day_only = !iso.contains('T');
        let want = WrittenTime { local_s: seconds(iso), offset_min, day_only };
        assert_eq!(date_text(text), Some(want), "{text:?}");
    }

    #[test]
    fn exif_and_what_comes_near_it() {
        for text in [
            "2020:03:01 10:00:00",
            "2020:03:01 10:00:00\0",
            "2020:03:01 10:00:00\0\0junk",
            "  2020:03:01   10:00:00  ",
            "2020/03/01 10:00:00",
            "2020-03-01 10:00:00",
            "2020.03.01 10:00:00",
            "2020.03.01 10.00.00",
            "2020:03:01T10:00:00",
            "2020:03:01-10:00:00",
            "2020:03:01 10:00",
            "2020:03:01 10:00:00.53",
            "2020:03:01 10:00:00,530",
            "2020:03:01 10:00:00:12",
            "2020: 3: 1 10: 0: 0",
            "2020:3:1 10:0:0",
            "\"2020:03:01 10:00:00\"",
            "2020:03:01 10:00:00 am",
            "2020:03:01 10:00:00上午",
            "٢٠٢٠:٠٣:٠١ ١٠:٠٠:٠٠",
            "२०२०:०३:०१ १०:००:००",
            "2020年03月01日 10时00分00秒",
            "2020년 3월 1일 오전 10:00",
            "20200301T100000",
            "20200301100000",
        ] {
            check(text, "2020-03-01T10:00:00", None);
        }
        check("2016:02:02 24:28:33", "2016-02-02T00:28:33", None);
        check("2016:02:02 24:00:00", "2016-02-02T00:00:00", None);
        check("2016:12:31 23:59:60", "2016-12-31T23:59:59", None);
        check("2018:05:01 04:30:12下午", "2018-05-01T16:30:12", None);
        check("2018:05:01 12:30:12 AM", "2018-05-01T00:30:12", None);
        check("2018:05:01 16:30:12 PM", "2018-05-01T16:30:12", None);
        for half in ["PM", "pm", "P.M.", "p.m.", "p. m.", "p.\u{a0}m.", "\u{202f}p.\u{a0}m.", "μ.μ.", "م"]
        {
            check(&format!("2018:05:01 04:30:12 {half}"), "2018-05-01T16:30:12", None);
            check(&format!("2018:05:01 12:30 {half}"), "2018-05-01T12:30:00", None);
            check(&format!("2018:05:01 04:30:12 {half} +02:00"), "2018-05-01T16:30:12", Some(120));
        }
        for half in ["AM", "a.m.", "a. m.", "a.\u{a0}m.", "π.μ.", "ص"] {
            check(&format!("2018:05:01 12:00:00 {half}"), "2018-05-01T00:00:00", None);
        }
        check("July 5, 2008 2:34:10 p. m.", "2008-07-05T14:34:10", None);
        check("2020:03:01   :  :  ", "2020-03-01", None);
    }

    #[test]
    fn zones() {
        for (text, minutes) in [
            ("+02:00", 120),
            ("+0200", 120),
            (" +02:00", 120),
            ("+02", 120),
            (" GMT+2", 120),
            ("-03:30", -210),
            ("\u{2212}03:30", -210),
            ("+05:45", 345),
            ("Z", 0),
            (" UTC", 0),
            (" GMT", 0),
        ] {
            check(&format!("2020:03:01 10:00:00{text}"), "2020-03-01T10:00:00", Some(minutes));
            check(&format!("2020-03-01T10:00{text}"), "2020-03-01T10:00:00", Some(minutes));
            check(&format!("2020-03-01T10:00:00.000{text}"), "2020-03-01T10:00:00", Some(minutes));
        }
        assert_eq!(zone_text("+02:00"), Some(120));
        assert_eq!(zone_text("-03:30\0"), Some(-210));
        assert_eq!(zone_text("   :  "), None);
        for wrong in ["+99:00", "-1234", " CEST", " zone", "+", "-  :  "] {
            assert_eq!(zone_text(wrong), None);
            check(&format!("2020:03:01 10:00:00{wrong}"), "2020-03-01T10:00:00", None);
        }
    }

    #[test]
    fn the_dialects_of_avi_and_of_mail() {
        check("SAT JUL 05 14:32:10 2008\n", "2008-07-05T14:32:10", None);
        check("Sat Jul  5 14:34:10 2008", "2008-07-05T14:34:10", None);
        check("2008/07/05/ 14:36:10", "2008-07-05T14:36:10", None);
        check("2005/11/28/ 09:19", "2005-11-28T09:19:00", None);
        check("2001/ 1/27  1:42PM", "2001-01-27T13:42:00", None);
        check("2008-07-05 14:32:10", "2008-07-05T14:32:10", None);
        check("Sat Jul  5 14:34:10 CEST 2008", "2008-07-05T14:34:10", None);
        check("Sat, 05 Jul 2008 14:34:10 +0200", "2008-07-05T14:34:10", Some(120));
        check("Sat, 5 Jul 2008 14:34:10 GMT", "2008-07-05T14:34:10", Some(0));
        check("5-Jul-2008 14:34", "2008-07-05T14:34:00", None);
        check("July 5, 2008 2:34:10 PM", "2008-07-05T14:34:10", None);
        check("July 5th, 2008", "2008-07-05", None);
        check("5 Sept. 2008", "2008-09-05", None);
    }

    #[test]
    fn days_without_a_clock() {
        for text in ["2020:03:01", "2020-03-01", "20200301", "2020/3/1", "1 Mar 2020", "01.03.2020"] {
            check(text, "2020-03-01", None);
        }
        check("25/03/2020", "2020-03-25", None);
        check("03/25/2020 1:05 pm", "2020-03-25T13:05:00", None);
        check("03/03/2020", "2020-03-03", None);
        check("2020-03-01Z", "2020-03-01", Some(0));
    }

    #[test]
    fn years_of_thailands_calendar() {
        for text in ["2563:03:01 10:00:00", "๒๕๖๓:๐๓:๐๑ ๑๐:๐๐:๐๐", "25630301T100000", "1 Mar 2563 10:00"]
        {
            check(text, "2020-03-01T10:00:00", None);
        }
        // 2020 has a 29 February, 2563 has none.
        check("2563-02-29", "2020-02-29", None);
        check("2533-01-01", "1990-01-01", None);
        check("2532-01-01", "2532-01-01", None);
        check("2613-01-01", "2613-01-01", None);
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "\0\0\0",
            "    :  :     :  :  ",
            "0000:00:00 00:00:00",
            "0001:01:01 00:00:00",
            "1899:12:31 00:00:00",
            "2020:00:10 00:00:00",
            "2020:13:10 00:00:00",
            "2020:02:30 10:00:00",
            "2020:03:01 25:00:00",
            "2020:03:01 10:61:00",
            "2020:03:01 10:00:75",
            "2020:03:01 10",
            "2020",
            "2020-03",
            "03/04/2020",
            "yesterday",
            "10:00:00",
            "1717834620",
            "1717834620000",
            "Sat Jul 14:34:10 2008",
            "Jul 2008",
            "31 Jun 2008",
            "12345678901234567890",
            "é",
        ] {
            assert_eq!(date_text(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in any::<String>()) {
            let _ = date_text(&text);
        }

        #[test]
        fn nearly_dates_are_no_panic(text in "[0-9०٣ :/.,TZ+apmJjulSept年日午後\\-]{0,40}") {
            let _ = date_text(&text);
        }

        #[test]
        fn every_time_of_every_form_is_read_back(at in -2_208_988_800_i64..7_258_118_400) {
            let time = jiff::Timestamp::from_second(at).unwrap().to_zoned(TimeZone::UTC);
            for form in ["%Y:%m:%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%a %b %e %H:%M:%S %Y", "%Y%m%d%H%M%S"] {
                let text = time.strftime(form).to_string();
                let want = WrittenTime { local_s: at, offset_min: None, day_only: false };
                prop_assert_eq!(date_text(&text), Some(want), "{}", text);
            }
        }
    }
}
