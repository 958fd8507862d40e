use std::ops::RangeInclusive;

/// The regular expression of a shift of a clock without its sign: `3h17m`, `2d`, `90min`, `45s`.
pub(super) const SHIFT_PATTERN: &str = "([0-9]+d)?([0-9]+h)?([0-9]+(min|m))?([0-9]+s)?";

/// The shifts that a clock may need, in seconds: a hundred years.
pub(super) const CLOCK_SHIFTS: RangeInclusive<i64> = -(36_525 * 86_400)..=36_525 * 86_400;

/// Parses what is added to a clock, in seconds: `+3h17m`, `-1h`, `2d`. `m` means minutes here.
pub(super) fn parse_clock_shift(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => (1, text),
    };
    let mut sum = 0_i64;
    // Each unit at most once, the larger before the smaller.
    let mut last = i64::MAX;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number = rest[..end].parse::<i64>().ok()?;
        rest = &rest[end..];
        let end = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "d" => 86_400,
            "h" => 3600,
            "min" | "m" => 60,
            "s" => 1,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        last = unit;
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[end..];
    }
    (last != i64::MAX).then_some(sign * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_read_to_the_second() {
        let read = parse_clock_shift;
        assert_eq!(read("+3h17m"), Some(11_820));
        assert_eq!(read("-1h"), Some(-3600));
        assert_eq!(read("2d"), Some(172_800));
        assert_eq!(read("90min"), Some(5400));
        assert_eq!(read("-1d2h3min4s"), Some(-93_784));
        assert_eq!(read("0s"), Some(0));
        for wrong in
            ["", "+", "-", "3", "3x", "h", "1m1h", "1h1h", "--1h", "1:30", "1.5h", "99999999999999999999d"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
