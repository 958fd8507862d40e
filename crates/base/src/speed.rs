use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Time;

/// How fast a clip is shown, in thousandths: at 2, one second of the movie shows two seconds of the clip.
/// From 0.25 to 4; a JSON number.
///
/// Stored as an integer, so that recipes can be compared and hashed, and the segments of one shot join
/// without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Speed(u16);

impl Speed {
    pub const SLOWEST: Self = Self(250);
    pub const NORMAL: Self = Self(1000);
    pub const FASTEST: Self = Self(4000);

    /// Returns `None` outside of [`Speed::SLOWEST`] to [`Speed::FASTEST`].
    pub fn from_thousandths(thousandths: i64) -> Option<Self> {
        let speed = Self(u16::try_from(thousandths).ok()?);
        (Self::SLOWEST..=Self::FASTEST).contains(&speed).then_some(speed)
    }

    /// Returns the speed as a number, 0.25..=4.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Whether the clip is shown at its original speed.
    pub fn is_normal(&self) -> bool {
        *self == Self::NORMAL
    }

    /// Returns how much of the clip `shown` of the movie covers, to the nearest microsecond.
    pub fn seen_in(self, shown: Time) -> Time {
        shown.scale(i64::from(self.0), 1000)
    }

    /// Returns how long this length of the clip lasts in the movie, rounded down so that it never needs more
    /// of the clip.
    pub fn lasts(self, clip: Time) -> Time {
        let micros = i128::from(clip.micros()) * 1000;
        Time::from_micros(micros.div_euclid(i128::from(self.0)) as i64)
    }

    /// Returns how many samples of the clip are heard in `shown` samples of the movie.
    pub fn samples_in(self, shown: u64) -> u64 {
        (u128::from(shown) * u128::from(self.0) / 1000) as u64
    }

    /// Returns how many samples of the movie `clip` samples of the clip last.
    pub fn samples_last(self, clip: u64) -> u64 {
        (u128::from(clip) * 1000 / u128::from(self.0)) as u64
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl Serialize for Speed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.get())
    }
}

impl<'de> Deserialize<'de> for Speed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let wanted = || serde::de::Error::custom("a speed lies between 0.25 and 4");
        Self::from_thousandths((number * 1000.0).round() as i64).ok_or_else(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_never_more_than_there_is() {
        for thousandths in [250, 333, 999, 1000, 1001, 2997, 4000] {
            let speed = Speed::from_thousandths(thousandths).unwrap();
            for micros in [0, 1, 7, 33_333, 1_000_001, 86_399_999_999] {
                let clip = Time::from_micros(micros);
                let shown = speed.lasts(clip);
                assert!(speed.seen_in(shown) <= clip, "{micros} µs at {thousandths}");
                assert!((clip - speed.seen_in(shown)).micros() <= 4);
            }
        }
        assert_eq!(Speed::NORMAL.seen_in(Time::from_micros(33_333)), Time::from_micros(33_333));
    }

    #[test]
    fn speeds_survive_json_and_have_bounds() {
        for thousandths in 250..=4000 {
            let speed = Speed::from_thousandths(thousandths).unwrap();
            let text = serde_json::to_string(&speed).unwrap();
            assert_eq!(serde_json::from_str::<Speed>(&text).unwrap(), speed);
        }
        assert_eq!(Speed::from_thousandths(249).or(Speed::from_thousandths(4001)), None);
        assert!(serde_json::from_str::<Speed>("5.0").is_err());
    }
}
