use mmm_base::Time;

/// The regular expression of a time: `3.2s`, `1200ms`, `90min`, `1h`, `1:02.5`, `1:00:00`.
pub(super) const TIME_PATTERN: &str =
    r"([0-9]+(\.[0-9]+)?(ms|s|min|h)|([0-9]+|[0-9]+:[0-5][0-9]|[0-9]+:[0-9]):[0-5][0-9](\.[0-9]+)?)";

/// Longer than any time that a key accepts.
const TOO_LONG: Time = Time::from_secs(1_000_000_000);

/// Why a text is not a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoTime {
    /// A number without a unit.
    Bare,
    Negative,
    Other,
}

/// Parses a time, rounded to the microsecond.
pub(super) fn parse_time(text: &str) -> Result<Time, NoTime> {
    if let Some(rest) = text.strip_prefix('-') {
        let number = parse_time(rest);
        return Err(if number.is_ok() { NoTime::Negative } else { number.err().unwrap_or(NoTime::Other) });
    }
    if text.contains(':') {
        return parse_clock(text).ok_or(NoTime::Other);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let unit = match &text[end..] {
        "ms" => 1_000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        "" => return Err(decimal(text, 1).map_or(NoTime::Other, |_| NoTime::Bare)),
        _ => return Err(NoTime::Other),
    };
    decimal(&text[..end], unit).ok_or(NoTime::Other)
}

/// Parses a time as the spec writes it: `3.2s`, `1200ms`, `1:02.5`.
pub fn read_time(text: &str) -> Option<Time> {
    parse_time(text).ok()
}

/// Parses `m:ss` or `h:mm:ss`, each with an optional fraction.
fn parse_clock(text: &str) -> Option<Time> {
    let parts: Vec<&str> = text.split(':').collect();
    let (head, seconds) = parts.split_last().map(|(last, head)| (head, *last))?;
    let whole = seconds.split('.').next()?;
    if whole.len() != 2 || !below_sixty(whole) {
        return None;
    }
    let minutes = match head {
        [minutes] => decimal_whole(minutes, 60_000_000)?,
        [hours, minutes] if minutes.len() <= 2 && below_sixty(minutes) => {
            decimal_whole(hours, 3_600_000_000)? + decimal_whole(minutes, 60_000_000)?
        }
        _ => return None,
    };
    Some((minutes + decimal(seconds, 1_000_000)?).min(TOO_LONG))
}

fn below_sixty(digits: &str) -> bool {
    digits.parse::<u8>().is_ok_and(|value| value < 60) && !digits.starts_with('+')
}

fn decimal_whole(digits: &str, unit: i64) -> Option<Time> {
    if digits.contains('.') { None } else { decimal(digits, unit) }
}

/// Parses `digits` or `digits.digits`, times `unit` microseconds, rounded half up.
fn decimal(text: &str, unit: i64) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    // A number that overflows is longer than any key allows, and is reported as out of range.
    let whole = whole.parse::<i64>().unwrap_or(i64::MAX).checked_mul(unit).unwrap_or(i64::MAX);
    let kept: String = fraction.unwrap_or("").chars().take(9).collect();
    let scale = 10_i128.pow(kept.len() as u32);
    let part = kept.parse::<i128>().unwrap_or(0) * i128::from(unit);
    let part = (part + scale / 2) / scale;
    Some(Time::from_micros(whole.saturating_add(part as i64)).min(TOO_LONG))
}

/// Formats a time as a spec writes it: `3.2s`, and from two minutes to 100 hours `2:02.5`.
pub fn time_text(time: Time) -> String {
    let micros = time.micros();
    if !(120_000_000..360_000_000_000).contains(&micros) {
        return time.to_string();
    }
    let (minutes, rest) = (micros / 60_000_000, micros % 60_000_000);
    let fraction = format!("{:06}", rest % 1_000_000);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    let seconds = rest / 1_000_000;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}:{seconds:02}{dot}{fraction}"),
        (hours, minutes) => format!("{hours}:{minutes:02}:{seconds:02}{dot}{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_to_the_microsecond() {
        let micros = |text| parse_time(text).map(Time::micros);
        assert_eq!(micros("3.2s"), Ok(3_200_000));
        assert_eq!(micros("1:02.5"), Ok(62_500_000));
        assert_eq!(micros("1200ms"), Ok(1_200_000));
        assert_eq!(micros("90min"), Ok(5_400_000_000));
        assert_eq!(micros("1h"), Ok(3_600_000_000));
        assert_eq!(micros("1:00:00"), Ok(3_600_000_000));
        assert_eq!(micros("0.0000005s"), Ok(1));
        assert_eq!(micros("99999999999999999999h"), Ok(TOO_LONG.micros()));
        assert_eq!(micros("3.2"), Err(NoTime::Bare));
        assert_eq!(micros("-3"), Err(NoTime::Bare));
        assert_eq!(micros("-3s"), Err(NoTime::Negative));
        for other in
            ["", "s", ".5s", "5.s", "3 s", "3m", "1:2", "1:60", "1:60:00", "+3s", "1:+2", "3,2s", "é"]
        {
            assert_eq!(micros(other), Err(NoTime::Other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn all_that_the_pattern_matches_is_read(text in TIME_PATTERN) {
            prop_assert!(parse_time(&text).is_ok(), "{text}");
        }

        #[test]
        fn a_written_time_reads_back(micros in 0_i64..400_000_000_000) {
            let time = Time::from_micros(micros);
            prop_assert_eq!(parse_time(&time_text(time)), Ok(time));
        }

        #[test]
        fn no_text_is_a_panic(text in any::<String>()) {
            let _ = parse_time(&text);
        }
    }
}
