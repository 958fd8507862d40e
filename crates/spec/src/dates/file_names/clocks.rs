use super::super::calendar::{Clock, Half, half_before, half_of_day, of_24_hours};
use super::runs::{Run, digits, gap, number};

/// The words that say in the names of screenshots and messages that a clock follows.
const AT: [&str; 20] = [
    "at",
    "um",
    "à",
    "a\u{300}",
    "a",
    "la",
    "las",
    "alle",
    "às",
    "as",
    "om",
    "kl",
    "kello",
    "klo",
    "o",
    "v",
    "в",
    "lúc",
    "في",
    "เวลา",
];

/// Reads the clock after the gap in run `at`: `101700`, `101700123`, `10.17.00`, `10-17-00`, `10h17m00s`,
/// `10h17m`, each perhaps with the half of the day. Returns it with the run after it. `separated` says whether
/// signs separate the parts of the day before it.
pub(super) fn clock(runs: &[Run<'_>], at: usize, separated: bool) -> Option<(Clock, usize)> {
    let between = gap(runs, at)?;
    let (half, between) = match half_before(between) {
        Some((half, rest)) => (Some(half), rest),
        None => (None, between.to_owned()),
    };
    let joint = joint(&between)?;
    if let Some(digits) = digits(runs, at + 1, 6).or_else(|| digits(runs, at + 1, 9)) {
        let pair = |at: usize| digits[at..at + 2].parse::<u32>().ok();
        return Some(((pair(0)?, pair(2)?, pair(4)?), at + 2));
    }
    if let Some(digits) = digits(runs, at + 1, 4).filter(|_| between == "t") {
        return Some(((digits[..2].parse().ok()?, digits[2..].parse().ok()?, 0), at + 2));
    }
    let hour = number(runs, at + 1, 1..=2)?;
    let minute = number(runs, at + 3, 2..=2)?;
    let sign = trimmed(gap(runs, at + 2)?);
    let behind = trimmed(gap(runs, at + 4)?);
    let is_next = if sign == "h" { matches!(behind, "m" | "min") } else { behind == sign };
    let is_sign = matches!(sign, "." | ":" | "-" | "_" | " " | "h" | "：" | "∶" | "꞉" | "\u{f022}");
    let second = number(runs, at + 5, 2..=2).filter(|_| is_next);
    // Two numbers alone may count pictures.
    let is_pair = match sign {
        "h" => true,
        ":" | "." => separated && joint != Joint::Words,
        // A third number behind another sign like this one belongs to a count.
        "-" | "_" => {
            let goes_on = behind == sign && runs.get(at + 5).is_some();
            let full = digits(runs, at + 1, 2).is_some();
            separated && full && !goes_on && joint != Joint::Words && !between.contains(sign)
        }
        _ => false,
    };
    let next = if second.is_some() { at + 6 } else { at + 4 };
    let half = half.or_else(|| named_half(gap(runs, next)?));
    let clock = of_24_hours((hour, minute, second.unwrap_or(0)), half);
    (is_sign && (second.is_some() || is_pair)).then_some((clock, next))
}

/// Returns the sign between two numbers without the spaces around it.
fn trimmed(sign: &str) -> &str {
    let inner = sign.trim();
    if inner.is_empty() { sign } else { inner }
}

fn named_half(behind: &str) -> Option<Half> {
    let behind = behind.trim_start_matches(|letter: char| letter.is_whitespace() || "_-.".contains(letter));
    half_of_day(behind).map(|(half, _)| half)
}

/// What stands between a day and its clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Signs,
    /// A word that says that a clock follows, as in ` at `, ` um ` and ` à `.
    At,
    /// Other words.
    Words,
}

/// Returns what the gap is, if a day and its clock can be joined by it.
fn joint(gap: &str) -> Option<Joint> {
    let is_sign = |letter: char| letter.is_whitespace() || "_-.,@日일".contains(letter);
    if matches!(gap, "t" | "_t" | " t") {
        return Some(Joint::Signs);
    }
    // The Spanish ` a la(s) `.
    let gap = gap.replace("(s)", "s");
    let inner = gap.trim_matches(is_sign);
    let spelled =
        inner.chars().all(|letter| letter.is_alphabetic() || is_sign(letter) || letter == '\u{300}');
    let apart = gap.starts_with(is_sign) && gap.ends_with(is_sign);
    let kind = match inner {
        "" => Joint::Signs,
        _ if inner.split(is_sign).all(|word| AT.contains(&word)) => Joint::At,
        _ => Joint::Words,
    };
    (apart && spelled && gap.chars().count() <= 12).then_some(kind)
}

/// Returns the minutes ahead of UTC that are written after a clock and perhaps its fraction: `Z` or `+0200`,
/// `.123Z`, `_123Z`, `_UTC`, ` GMT+2`, and `_iOS`, since OneDrive names the photos of iPhones by UTC.
pub(super) fn zone(runs: &[Run<'_>], at: usize) -> Option<i16> {
    let most = match gap(runs, at)? {
        "." | "," => 1..=9,
        "_" | "-" => 3..=3,
        // No fraction.
        _ => 0..=0,
    };
    let is_fraction = runs.get(at + 1).is_some_and(|run| run.is_number && most.contains(&run.text.len()));
    let at = if is_fraction { at + 2 } else { at };
    let behind = gap(runs, at)?;
    let apart = behind.trim_start_matches([' ', '_', '-']);
    let name = ["utc", "gmt", "ios"].iter().find_map(|name| apart.strip_prefix(name));
    let name =
        name.or_else(|| behind.strip_prefix('z')).filter(|rest| !rest.starts_with(char::is_alphabetic));
    let sign = match name.unwrap_or(behind) {
        "+" => 1,
        // Without a name, a number behind a hyphen counts copies.
        "-" if name.is_some() => -1,
        _ => return name.map(|_| 0),
    };
    let (hours, minutes) = match digits(runs, at + 1, 4) {
        Some(digits) => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        None => {
            let minutes =
                number(runs, at + 3, 2..=2).filter(|_| matches!(gap(runs, at + 2), Some("_" | "-" | ":")));
            (number(runs, at + 1, 1..=2)?, minutes.unwrap_or(0))
        }
    };
    (hours <= 14 && minutes < 60 && minutes % 15 == 0).then_some(sign * (hours * 60 + minutes) as i16)
}
