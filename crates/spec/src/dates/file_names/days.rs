use super::super::calendar::{Clock, Day, gregorian, local_s};
use super::super::written::{MONTHS, month_and_day};
use super::runs::{Run, digits, gap, number};

/// The first and last year that a name is believed to state.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 1990..=2069;

/// A day that a name may state.
pub(super) struct NamedDay {
    pub day: Day,
    /// The clock in the same run of digits.
    pub clock: Option<Clock>,
    /// The run after it.
    pub next: usize,
    /// Whether signs separate its parts, so that two more numbers may be a clock.
    pub separated: bool,
    /// Whether it is a day only if a clock follows. Otherwise it may as well be another number.
    pub needs_clock: bool,
}

/// Returns the day that begins with the number in run `at`, if it exists and is of a year that names are
/// believed to state.
pub(super) fn day(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let exists = |found: &NamedDay| {
        YEARS.contains(&gregorian(found.day.0))
            && local_s(found.day, found.clock.unwrap_or_default()).is_some()
    };
    let forms = [compact, halved, compact_day_first, separated, in_words];
    forms.iter().find_map(|form| form(runs, at).filter(exists))
}

/// Reads a day in one run of digits, perhaps with the clock: `20240608`, `20240608101700`,
/// `2024060810170012`, `20240608101700123`.
fn compact(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let digits = [8, 14, 16, 17].into_iter().find_map(|length| digits(runs, at, length))?;
    let part = |from: usize, to: usize| digits[from..to].parse::<u32>().ok();
    let day = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let clock = match digits.len() {
        8 => None,
        _ => Some((part(8, 10)?, part(10, 12)?, part(12, 14)?)),
    };
    let needs_clock = gregorian(day.0) != day.0;
    Some(NamedDay { day, clock, next: at + 1, separated: false, needs_clock })
}

/// Reads the form of dashboard cameras: `2024_0608_101700`.
fn halved(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let (year, date, clock) = (digits(runs, at, 4)?, digits(runs, at + 2, 4)?, digits(runs, at + 4, 6)?);
    let same = gap(runs, at + 1)? == gap(runs, at + 3)? && matches!(gap(runs, at + 1)?, "_" | "-");
    let pair = |digits: &str, at: usize| digits[at..at + 2].parse::<u32>().ok();
    let day = (year.parse().ok()?, pair(date, 0)?, pair(date, 2)?);
    let clock = Some((pair(clock, 0)?, pair(clock, 2)?, pair(clock, 4)?));
    same.then_some(NamedDay { day, clock, next: at + 5, separated: true, needs_clock: false })
}

/// Reads a day before its year in one run of digits, `25062024`, if one of its numbers can only be the day.
fn compact_day_first(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let digits = digits(runs, at, 8)?;
    let (month, day) = month_and_day(digits[..2].parse().ok()?, digits[2..4].parse().ok()?, ' ')?;
    let day = (digits[4..].parse().ok()?, month, day);
    Some(NamedDay { day, clock: None, next: at + 1, separated: false, needs_clock: true })
}

/// Reads a day in three runs: `2024-06-08`, `2024年6月8日`, `08.06.2024`, and `@08-06-2024`, the form of
/// Telegram's exports.
fn separated(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let (first, second) = (gap(runs, at + 1)?, gap(runs, at + 3)?);
    let middle = number(runs, at + 2, 1..=2)?;
    let same = first == second && matches!(first, "-" | "_" | "." | " " | ":" | "/");
    let named = |day: Day, needs_clock: bool| {
        Some(NamedDay { day, clock: None, next: at + 5, separated: true, needs_clock })
    };
    if let Some(year) = number(runs, at, 4..=4).filter(|_| !ends_day(runs, at)) {
        let day = number(runs, at + 4, 1..=2)?;
        let is_lettered = matches!((first, second), ("年", "月") | ("년 ", "월 "));
        let full = digits(runs, at + 2, 2).and(digits(runs, at + 4, 2)).is_some();
        return named((year, middle, day), false).filter(|_| is_lettered || same && full);
    }
    let (day, year) = (number(runs, at, 1..=2)?, number(runs, at + 4, 4..=4)?);
    let full = digits(runs, at, 2).and(digits(runs, at + 2, 2)).is_some();
    let exported = at > 0 && gap(runs, at - 1)?.ends_with('@');
    let (month, day) =
        if exported { (middle, day) } else { month_and_day(day, middle, first.chars().next()?)? };
    named((year, month, day), !full).filter(|_| same)
}

/// Whether the year in run `at` ends a day that begins with the day or the month: `08-06-2024 10 17 00`.
fn ends_day(runs: &[Run<'_>], at: usize) -> bool {
    let short = |back: usize| at.checked_sub(back).is_some_and(|at| number(runs, at, 1..=2).is_some());
    short(4) && short(2) && gap(runs, at - 1) == gap(runs, at - 3)
}

/// Reads a day whose month is an English word: `08 Jun 2024`, `8th of June 2024`, `Jun 8, 2024`, `2024-Jun-08`.
fn in_words(runs: &[Run<'_>], at: usize) -> Option<NamedDay> {
    let (first, between, second) =
        (number(runs, at, 1..=4)?, gap(runs, at + 1)?, number(runs, at + 2, 1..=4)?);
    let is_year = |at: usize| digits(runs, at, 4).is_some();
    let is_day = |at: usize| number(runs, at, 1..=2).is_some();
    let inner = without_ordinal(between).trim_matches(is_sign);
    let day = match month(inner.strip_prefix("of ").unwrap_or(inner)) {
        Some(month) if is_day(at) && is_year(at + 2) => (second, month, first),
        Some(month) if is_year(at) && is_day(at + 2) => (first, month, second),
        None if is_day(at) && is_year(at + 2) && inner.is_empty() => {
            (second, last_month(gap(runs, at.checked_sub(1)?)?)?, first)
        }
        _ => return None,
    };
    Some(NamedDay { day, clock: None, next: at + 3, separated: true, needs_clock: false })
}

/// Returns the text behind a day without the letters that make it an ordinal number.
fn without_ordinal(text: &str) -> &str {
    let rest = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_prefix(ending));
    rest.filter(|rest| rest.starts_with(is_sign)).unwrap_or(text)
}

/// Returns the month by its English name or by the letters that shorten it.
fn month(word: &str) -> Option<u32> {
    let is_short = |month: &str| word.len() == 3 && month.starts_with(word);
    let at = MONTHS.iter().position(|month| *month == word || is_short(month));
    at.or((word == "sept").then_some(8)).map(|at| at as u32 + 1)
}

/// Returns the month that a text ends with.
fn last_month(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(is_sign);
    month(text.rsplit(|letter: char| !letter.is_alphabetic()).next()?)
}

fn is_sign(letter: char) -> bool {
    letter.is_whitespace() || "-_.,".contains(letter)
}
