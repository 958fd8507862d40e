use std::fmt;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// A time zone: a name of the IANA database, or a fixed offset from UTC.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// A name that the database built into the program has.
    Named(String),
    /// Minutes ahead of UTC.
    Offset(i16),
}

impl Zone {
    /// Parses a name such as `Europe/Lisbon`, `UTC`, or an offset such as `+02:00` or `-0330`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(offset_min) = offset(text) {
            return Some(Self::Offset(offset_min));
        }
        let zone = TimeZoneDatabase::bundled().get(text).ok()?;
        Some(Self::Named(zone.iana_name().unwrap_or(text).to_owned()))
    }

    /// Returns the name that is most like `text`, for a hint.
    pub(super) fn nearest(text: &str) -> Option<String> {
        let names = TimeZoneDatabase::bundled();
        let distance = |name: &str| {
            let city = name.rsplit('/').next().unwrap_or(name).to_lowercase();
            let wanted = text.rsplit('/').next().unwrap_or(text).to_lowercase();
            strsim::damerau_levenshtein(&city, &wanted.replace(' ', "_"))
        };
        let all = names.available().map(|name| name.as_str().to_owned());
        all.map(|name| (distance(&name), name)).filter(|(apart, _)| *apart <= 2).min().map(|(_, name)| name)
    }

    /// Returns by how many minutes its wall clock is ahead of UTC when it shows `local_s`, in seconds since
    /// 1970-01-01T00:00:00. Of a time that the clock shows twice, it is the first; of one that it skips, the
    /// offset before.
    pub fn offset_min(&self, local_s: i64) -> i16 {
        match self {
            Self::Offset(offset_min) => *offset_min,
            Self::Named(name) => {
                let zone = TimeZoneDatabase::bundled().get(name);
                let wall = Timestamp::from_second(local_s).map(|time| Offset::UTC.to_datetime(time));
                let (Ok(zone), Ok(wall)) = (zone, wall) else { return 0 };
                let exact = zone.to_ambiguous_timestamp(wall).compatible();
                exact.map_or(0, |exact| (zone.to_offset(exact).seconds() / 60) as i16)
            }
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => to.write_str(name),
            Self::Offset(minutes) => {
                let sign = if *minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(to, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// Parses `+02:00` or `+0200` into minutes, at most 14 hours.
fn offset(text: &str) -> Option<i16> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').or_else(|| digits.split_at_checked(2))?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two(hours) || !two(minutes) {
        return None;
    }
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= 14 * 60).then_some(sign * all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_knows_its_summer() {
        let lisbon = Zone::parse("Europe/Lisbon").unwrap();
        // 2024-06-08T10:15:00 and 2024-01-08T10:15:00.
        assert_eq!(lisbon.offset_min(1_717_841_700), 60);
        assert_eq!(lisbon.offset_min(1_704_708_900), 0);
        assert_eq!(Zone::parse("+05:45").unwrap().offset_min(0), 345);
        assert_eq!(Zone::parse("-0330"), Some(Zone::Offset(-210)));
        assert_eq!(
            Zone::parse("europe/lisbon").map(|zone| zone.to_string()).as_deref(),
            Some("Europe/Lisbon")
        );
        for wrong in ["", "Europe/Lisboa", "+2", "+99:00", "+02:99", "summer", "+2:00"] {
            assert_eq!(Zone::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_misspelt_zone_is_recognised() {
        assert_eq!(Zone::nearest("Europe/Lisboa").as_deref(), Some("Europe/Lisbon"));
        assert_eq!(Zone::nearest("nowhere at all"), None);
    }
}
