//! Reads the dates in the names that phones, cameras, messengers and programs give to files.

mod clocks;
mod days;
mod runs;

use mmm_base::{CaptureTime, TimeSource};

use super::calendar::{Clock, Day, local_s};
use super::written::WrittenTime;
use clocks::{clock, zone};
use days::{YEARS, day};
use runs::{Run, digits, gap, runs};

/// What the names of files begin with whose numbers are identifiers, never dates.
const IDENTIFIED: [&str; 4] = ["received_", "snapchat-", "snapchat_", "s__"];

/// What the names of files end with that Facebook serves. Their numbers are identifiers too.
const IDENTIFIED_ENDS: [&str; 2] = ["_n", "_o"];

/// The fewest digits of Facebook's longest number.
const IDENTIFIER_DIGITS: usize = 15;

/// What comes before the milliseconds since 1970 that some programs name their files by.
const MILLIS: [&str; 6] = ["fb_img_", "fb_vid_", "mmexport", "wx_camera_", "micromsg.", "wx_video_"];

/// Words before milliseconds since 1970 that are the only number of a name.
const MEDIA_WORDS: [&str; 9] = ["", "img", "image", "vid", "video", "photo", "pic", "picture", "line"];

/// What comes before seconds since 1970: the screen recordings of iPhones.
const SECONDS: [&str; 1] = ["rpreplay_final"];

/// What comes before a date in UTC: the names of Google's phones and of Zoom's recordings.
const IN_UTC: [&str; 2] = ["pxl_", "gmt"];

/// What the name of a file states.
struct Stated {
    day: Day,
    clock: Option<Clock>,
    offset_min: Option<i16>,
}

/// Returns when a medium was taken, according to the name that a phone, a camera, a messenger or a program for
/// screenshots gave to its file. `name` may be a path. Some name only the day. Runs of digits that are longer
/// or shorter than a date, days that do not exist and years outside 1990 to 2069 (2533 to 2612 in Thailand) state nothing.
pub fn name_time(name: &str) -> Option<CaptureTime> {
    let file = name.rsplit(['/', '\\']).next()?;
    let lower = stem(file).to_lowercase();
    let runs = runs(&lower);
    if is_identified(&lower, &runs) {
        return None;
    }
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

/// Whether the numbers of a name are identifiers.
fn is_identified(lower: &str, runs: &[Run<'_>]) -> bool {
    let is_long = |run: &Run<'_>| run.is_number && run.text.len() >= IDENTIFIER_DIGITS;
    IDENTIFIED.iter().any(|start| lower.starts_with(start))
        || IDENTIFIED_ENDS.iter().any(|end| lower.ends_with(end)) && runs.iter().any(is_long)
}

/// Returns the seconds since 1970 that the name counts, in seconds or milliseconds.
fn since_1970(lower: &str, runs: &[Run<'_>]) -> Option<i64> {
    let (length, unit) = match () {
        () if MILLIS.iter().any(|start| lower.starts_with(start)) || is_count(runs) => (13, 1000),
        () if SECONDS.iter().any(|start| lower.starts_with(start)) => (10, 1),
        () => return None,
    };
    let count = (0..runs.len()).find_map(|at| digits(runs, at, length))?;
    let seconds = count.parse::<i64>().ok()? / unit;
    let edge = |year| local_s((year, 1, 1), (0, 0, 0));
    (edge(*YEARS.start())?..edge(*YEARS.end() + 1)?).contains(&seconds).then_some(seconds)
}

/// Whether a name has no other number than milliseconds since 1970, besides that of a copy. Thirteen digits
/// that begin with 1 are a time between 2001 and 2033. Hardly any other number looks like that: those of
/// articles and books begin with other digits.
fn is_count(runs: &[Run<'_>]) -> bool {
    let first = usize::from(runs.first().is_some_and(|run| !run.is_number));
    let word = if first == 1 { runs[0].text.trim_end_matches(['_', '-', ' ']) } else { "" };
    let is_millis = digits(runs, first, 13).is_some_and(|digits| digits.starts_with('1'));
    let is_apart = gap(runs, first + 1).is_some_and(|behind| !behind.starts_with(char::is_alphabetic));
    let others = runs.iter().skip(first + 1).all(|run| !run.is_number || run.text.len() <= 3);
    MEDIA_WORDS.contains(&word) && is_millis && is_apart && others
}

/// Returns what the name states from run `at` on, and the run after that.
fn stated(runs: &[Run<'_>], at: usize) -> Option<(Stated, usize)> {
    let found = day(runs, at)?;
    let behind =
        || clock(runs, found.next, found.separated).filter(|(clock, _)| local_s(found.day, *clock).is_some());
    let (clock, next) = match found.clock {
        Some(clock) => (Some(clock), found.next),
        None => behind().map_or((None, found.next), |(clock, next)| (Some(clock), next)),
    };
    if clock.is_none() && found.needs_clock {
        return None;
    }
    let before = at.checked_sub(1).and_then(|at| gap(runs, at)).unwrap_or("");
    let offset_min = match clock {
        Some(_) if IN_UTC.iter().any(|start| before.ends_with(start)) => Some(0),
        Some(_) => zone(runs, next),
        None => None,
    };
    Some((Stated { day: found.day, clock, offset_min }, next))
}

#[cfg(test)]
mod tests;
