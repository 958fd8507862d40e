//! Reads the dates in the names that phones, cameras, messengers and programs give to files.

use mmm_base::{CaptureTime, TimeSource};

use super::calendar::{Clock, Day, Half, half_before, half_of_day, local_s, of_24_hours};
use super::written::{WrittenTime, month_and_day};

/// The first and last year that a name is believed to state.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2069;

/// What the names of files begin with whose numbers are identifiers, never dates.
const IDENTIFIED: [&str; 3] = ["received_", "snapchat-", "snapchat_"];

/// What comes before the milliseconds since 1970 that some programs name their files by.
const MILLIS: [&str; 6] = ["fb_img_", "fb_vid_", "mmexport", "wx_camera_", "micromsg.", "wx_video_"];

/// What comes before seconds since 1970: the screen recordings of iPhones.
const SECONDS: [&str; 1] = ["rpreplay_final"];

/// What comes before the date in UTC that Google's phones name their files by.
const IN_UTC: &str = "pxl_";

/// A run of digits, or the letters between two of them.
struct Run<'a> {
    text: &'a str,
    is_number: bool,
}

/// What the name of a file states.
struct Stated {
    day: Day,
    clock: Option<Clock>,
    offset_min: Option<i16>,
}

/// Returns when a medium was taken, according to the name that a phone, a camera, a messenger or a program for
/// screenshots gave to its file. `name` may be a path. Some name only the day. Runs of digits that are longer
/// or shorter than a date, days that do not exist and years outside 1990 to 2069 state nothing.
pub fn name_time(name: &str) -> Option<CaptureTime> {
    let file = name.rsplit(['/', '\\']).next()?;
    let lower = stem(file).to_lowercase();
    if IDENTIFIED.iter().any(|start| lower.starts_with(start)) {
        return None;
    }
    let runs = runs(&lower);
    if let Some(seconds) = since_1970(&lower, &runs) {
        return Some(CaptureTime::new(seconds, Some(0), TimeSource::Name));
    }
    let mut all = Vec::new();
    let mut at = 0;
    while at < runs.len() {
        match stated(&runs, at) {
            Some((found, next)) => {
                all.push(found);
                at = next;
            }
            None => at += 1,
        }
    }
    if let Some((found, clock)) = all.iter().find_map(|found| Some((found, found.clock?))) {
        return Some(CaptureTime::new(local_s(found.day, clock)?, found.offset_min, TimeSource::Name));
    }
    // A name with two days is that of an album or of a range.
    let first = all.first().filter(|first| all.iter().all(|other| other.day == first.day))?;
    let midnight = local_s(first.day, (0, 0, 0))?;
    let day = WrittenTime { local_s: midnight, offset_min: None, day_only: true };
    Some(day.from_source(TimeSource::Name))
}

/// Returns the name without its ending, such as `.jpg`, `.mp4` or `.3gp`.
fn stem(file: &str) -> &str {
    let is_ending = |ending: &str| {
        (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    file.rsplit_once('.').filter(|(_, ending)| is_ending(ending)).map_or(file, |(stem, _)| stem)
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        runs.push(Run { text, is_number });
        rest = behind;
    }
    runs
}

/// Returns the digits of run `at`, if it is a number of `length` digits.
fn digits<'a>(runs: &[Run<'a>], at: usize, length: usize) -> Option<&'a str> {
    let run = runs.get(at).filter(|run| run.is_number)?;
    (run.text.len() == length).then_some(run.text)
}

fn number(runs: &[Run<'_>], at: usize, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let run = runs.get(at).filter(|run| run.is_number && lengths.contains(&run.text.len()))?;
    run.text.parse().ok()
}

/// Returns the text of run `at`, if it is not a number; empty at the end.
fn gap<'a>(runs: &[Run<'a>], at: usize) -> Option<&'a str> {
    runs.get(at).map_or(Some(""), |run| (!run.is_number).then_some(run.text))
}

/// Returns the seconds since 1970 that the name counts, in seconds or milliseconds.
fn since_1970(lower: &str, runs: &[Run<'_>]) -> Option<i64> {
    let (length, unit) = match () {
        () if MILLIS.iter().any(|start| lower.starts_with(start)) => (13, 1000),
        () if SECONDS.iter().any(|start| lower.starts_with(start)) => (10, 1),
        () => return None,
    };
    let count = (0..runs.len()).find_map(|at| digits(runs, at, length))?;
    let seconds = count.parse::<i64>().ok()? / unit;
    let edge = |year| local_s((year, 1, 1), (0, 0, 0));
    (edge(*YEARS.start())?..edge(*YEARS.end() + 1)?).contains(&seconds).then_some(seconds)
}

/// Returns what the name states from run `at` on, and the run after that.
fn stated(runs: &[Run<'_>], at: usize) -> Option<(Stated, usize)> {
    let joined = compact(runs, at);
    let (day, clock, next) = match joined {
        Some((day, Some(clock))) => (day, Some(clock), at + 1),
        Some((day, None)) => beside(day, runs, at + 1, false),
        None => {
            let (day, clock, next) = halved(runs, at).or_else(|| separated(runs, at))?;
            if clock.is_some() { (day, clock, next) } else { beside(day, runs, next, true) }
        }
    };
    let known = YEARS.contains(&day.0) && local_s(day, clock.unwrap_or((0, 0, 0))).is_some();
    let before = at.checked_sub(1).and_then(|at| gap(runs, at)).unwrap_or("");
    let offset_min = match clock {
        Some(_) if before.ends_with(IN_UTC) => Some(0),
        Some(_) => zone(runs, next),
        None => None,
    };
    known.then_some((Stated { day, clock, offset_min }, next))
}

/// Reads a day in one run of digits, perhaps with the clock: `20240608`, `20240608101700`,
/// `20240608101700123`.
fn compact(runs: &[Run<'_>], at: usize) -> Option<(Day, Option<Clock>)> {
    let digits = [8, 14, 17].into_iter().find_map(|length| digits(runs, at, length))?;
    let part = |from: usize, to: usize| digits[from..to].parse::<u32>().ok();
    let day = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let clock = match digits.len() {
        8 => None,
        _ => Some((part(8, 10)?, part(10, 12)?, part(12, 14)?)),
    };
    Some((day, clock))
}

/// Reads the form of dashboard cameras: `2024_0608_101700`.
fn halved(runs: &[Run<'_>], at: usize) -> Option<(Day, Option<Clock>, usize)> {
    let (year, date, clock) = (digits(runs, at, 4)?, digits(runs, at + 2, 4)?, digits(runs, at + 4, 6)?);
    let same = gap(runs, at + 1)? == gap(runs, at + 3)? && matches!(gap(runs, at + 1)?, "_" | "-");
    let pair = |digits: &str, at: usize| digits[at..at + 2].parse::<u32>().ok();
    let day = (year.parse().ok()?, pair(date, 0)?, pair(date, 2)?);
    let clock = (pair(clock, 0)?, pair(clock, 2)?, pair(clock, 4)?);
    same.then_some((day, Some(clock), at + 5))
}

/// Reads a day in three runs: `2024-06-08`, `2024年6月8日`, `08.06.2024`, and `@08-06-2024`, the form of
/// Telegram's exports.
fn separated(runs: &[Run<'_>], at: usize) -> Option<(Day, Option<Clock>, usize)> {
    let (first, second) = (gap(runs, at + 1)?, gap(runs, at + 3)?);
    let (middle, next) = (number(runs, at + 2, 1..=2)?, at + 5);
    let same = first == second && matches!(first, "-" | "_" | "." | " " | ":" | "/");
    if let Some(year) = number(runs, at, 4..=4) {
        let day = number(runs, at + 4, 1..=2)?;
        let named = matches!((first, second), ("年", "月") | ("년 ", "월 "));
        let full = digits(runs, at + 2, 2).and(digits(runs, at + 4, 2)).is_some();
        return (named || same && full).then_some(((year, middle, day), None, next));
    }
    let (day, year) = (number(runs, at, 2..=2)?, number(runs, at + 4, 4..=4)?);
    digits(runs, at + 2, 2)?;
    let exported = at > 0 && gap(runs, at - 1)?.ends_with('@');
    let (month, day) =
        if exported { (middle, day) } else { month_and_day(day, middle, first.chars().next()?)? };
    same.then_some(((year, month, day), None, next))
}

/// Returns the day with the clock that follows it in run `at`, if one does, and the run after them.
fn beside(day: Day, runs: &[Run<'_>], at: usize, separated: bool) -> (Day, Option<Clock>, usize) {
    match clock(runs, at, separated).filter(|(clock, _)| local_s(day, *clock).is_some()) {
        Some((clock, next)) => (day, Some(clock), next),
        None => (day, None, at),
    }
}

/// Reads the clock after the gap in run `at`: `101700`, `101700123`, `10.17.00`, `10-17-00`, `10h17m00`, each
/// perhaps with the half of the day.
fn clock(runs: &[Run<'_>], at: usize, separated: bool) -> Option<(Clock, usize)> {
    let between = gap(runs, at)?;
    let (half, between) = match half_before(between) {
        Some((half, rest)) => (Some(half), rest),
        None => (None, between.to_owned()),
    };
    let joins = joins(&between)?;
    if let Some(digits) = digits(runs, at + 1, 6).or_else(|| digits(runs, at + 1, 9)) {
        let pair = |at: usize| digits[at..at + 2].parse::<u32>().ok();
        return Some(((pair(0)?, pair(2)?, pair(4)?), at + 2));
    }
    if let Some(digits) = digits(runs, at + 1, 4).filter(|_| between == "t") {
        return Some(((digits[..2].parse().ok()?, digits[2..].parse().ok()?, 0), at + 2));
    }
    let hour = number(runs, at + 1, 1..=2)?;
    let minute = number(runs, at + 3, 2..=2)?;
    let sign = gap(runs, at + 2)?;
    let next_sign = if sign == "h" { "m" } else { sign };
    let is_sign = matches!(sign, "." | ":" | "-" | "_" | " " | "h" | "：" | "∶" | "꞉" | "\u{f022}");
    let second = number(runs, at + 5, 2..=2).filter(|_| gap(runs, at + 4) == Some(next_sign));
    // Two numbers alone may count pictures.
    let is_clock = second.is_some() || separated && !joins.words && matches!(sign, ":" | "." | "h");
    let next = if second.is_some() { at + 6 } else { at + 4 };
    let half = half.or_else(|| named_half(gap(runs, next)?));
    (is_sign && is_clock).then_some((of_24_hours((hour, minute, second.unwrap_or(0)), half), next))
}

fn named_half(behind: &str) -> Option<Half> {
    let behind = behind.trim_start_matches(|letter: char| letter.is_whitespace() || "_-.".contains(letter));
    half_of_day(behind).map(|(half, _)| half)
}

/// What stands between a day and its clock.
struct Joint {
    /// Whether it has words, as in ` at `, ` um ` and ` à `.
    words: bool,
}

/// Returns the gap, if a day and its clock can be joined by it.
fn joins(gap: &str) -> Option<Joint> {
    let is_sign = |letter: char| letter.is_whitespace() || "_-.,@日일".contains(letter);
    if matches!(gap, "t" | "_t" | " t") {
        return Some(Joint { words: false });
    }
    // The Spanish ` a la(s) `.
    let gap = gap.replace("(s)", "s");
    let inner = gap.trim_matches(is_sign);
    let words = !inner.is_empty();
    let spelled =
        inner.chars().all(|letter| letter.is_alphabetic() || is_sign(letter) || letter == '\u{300}');
    let apart = gap.starts_with(is_sign) && gap.ends_with(is_sign);
    (apart && spelled && gap.chars().count() <= 12).then_some(Joint { words })
}

/// Returns the offset written after a clock and perhaps its fraction: `Z` or `+0200`, `.123Z`, `_123Z`.
fn zone(runs: &[Run<'_>], at: usize) -> Option<i16> {
    let most = match gap(runs, at)? {
        "." | "," => 1..=9,
        "_" | "-" => 3..=3,
        // No fraction.
        _ => 0..=0,
    };
    let is_fraction = runs.get(at + 1).is_some_and(|run| run.is_number && most.contains(&run.text.len()));
    let at = if is_fraction { at + 2 } else { at };
    let behind = gap(runs, at)?;
    if let Some(rest) = behind.strip_prefix('z') {
        return (!rest.starts_with(char::is_alphabetic)).then_some(0);
    }
    let digits = digits(runs, at + 1, 4).filter(|_| behind == "+")?;
    let (hours, minutes) = (digits[..2].parse::<i16>().ok()?, digits[2..].parse::<i16>().ok()?);
    (hours <= 14 && minutes < 60 && minutes % 15 == 0).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests;
