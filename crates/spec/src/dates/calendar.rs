use jiff::civil;
use jiff::tz::TimeZone;

/// Hour, minute and second of a wall clock.
pub(super) type Clock = (u32, u32, u32);

/// Year, month and day.
pub(super) type Day = (u32, u32, u32);

/// The years of Thailand's calendar, which counts from the death of the Buddha, for 1990 to 2069. No other clock
/// shows them.
const BUDDHIST_YEARS: std::ops::RangeInclusive<u32> = 2533..=2612;

/// The years by which that calendar is ahead.
const BUDDHIST_AHEAD: u32 = 543;

/// Half of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

/// The words by which clocks of twelve hours name their halves. Most stand before the clock.
const HALVES: [(&str, Half); 8] = [
    ("上午", Half::Morning),
    ("午前", Half::Morning),
    ("오전", Half::Morning),
    ("下午", Half::Afternoon),
    ("午後", Half::Afternoon),
    ("오후", Half::Afternoon),
    ("ص", Half::Morning),
    ("م", Half::Afternoon),
];

/// The words that stand before a clock.
const HALVES_BEFORE: &[(&str, Half)] = HALVES.split_at(6).0;

/// The letters by which clocks of twelve hours name their halves, in Latin and in Greek.
const LETTERS: [(char, char, Half); 4] = [
    ('a', 'm', Half::Morning),
    ('p', 'm', Half::Afternoon),
    ('π', 'μ', Half::Morning),
    ('μ', 'μ', Half::Afternoon),
];

/// Returns the half of the day that `text`, in lower case, begins with, and the rest.
pub(super) fn half_of_day(text: &str) -> Option<(Half, &str)> {
    let word = |&(word, half): &(&str, Half)| Some((half, text.strip_prefix(word)?));
    let letters = |&(first, second, half): &(char, char, Half)| {
        let rest = text.strip_prefix(first)?;
        let Some(dotted) = rest.strip_prefix('.') else { return Some((half, rest.strip_prefix(second)?)) };
        let rest = dotted.trim_start().strip_prefix(second)?;
        Some((half, rest.strip_prefix('.').unwrap_or(rest)))
    };
    let found = HALVES.iter().find_map(word).or_else(|| LETTERS.iter().find_map(letters));
    found.filter(|(_, rest)| !rest.starts_with(char::is_alphabetic))
}

/// Returns the half of the day named somewhere in `text` before a clock, and the text without it.
pub(super) fn half_before(text: &str) -> Option<(Half, String)> {
    HALVES_BEFORE
        .iter()
        .find(|(word, _)| text.contains(word))
        .map(|&(word, half)| (half, text.replacen(word, "", 1)))
}

/// Returns the clock of 24 hours. A clock that shows more than twelve hours is one already.
pub(super) fn of_24_hours((hour, minute, second): Clock, half: Option<Half>) -> Clock {
    let hour = match half {
        Some(Half::Morning) if hour == 12 => 0,
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        _ => hour,
    };
    (hour, minute, second)
}

/// Returns the year of the common calendar. Cameras and phones set to Thai show 2567 in 2024.
pub(super) fn gregorian(year: u32) -> u32 {
    if BUDDHIST_YEARS.contains(&year) { year - BUDDHIST_AHEAD } else { year }
}

/// Returns seconds since 1970-01-01T00:00:00 on the same wall clock; `None` if there is no such time. The year
/// may be that of Thailand's calendar. A leap second is the second before it.
pub(super) fn local_s((year, month, day): Day, (hour, minute, second): Clock) -> Option<i64> {
    let year = i16::try_from(gregorian(year)).ok()?;
    let date = civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Some(midnight + i64::from(hour * 3600 + minute * 60 + second.min(59)))
}
