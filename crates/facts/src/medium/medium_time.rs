use serde::{Deserialize, Serialize};

use mmm_base::TimeSource;

/// When a medium was taken, by everything that is known about it and the other media.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MediumTime {
    /// Seconds since the epoch, in UTC. If only the day is known, its noon.
    pub utc_s: i64,
    /// Minutes by which the wall clock of the place was ahead of UTC.
    pub zone_min: i16,
    pub source: TimeSource,
    pub certainty: TimeCertainty,
}

impl MediumTime {
    /// Returns what a wall clock of the place showed, in seconds since 1970-01-01T00:00:00.
    pub fn local_s(&self) -> i64 {
        self.utc_s.saturating_add(i64::from(self.zone_min) * 60)
    }
}

/// How well a capture time is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeCertainty {
    /// The source names a time and its zone.
    Stated,
    /// The source names no zone; it is that of most other media.
    ZoneAssumed,
    /// The source claims UTC, but other media and names show that it is the local time.
    LocalForUtc,
    /// Only the day is known.
    Day,
    /// The time of a medium that is listed beside it.
    Neighbour,
}
