use std::collections::BTreeMap;

use super::camera_clocks::local_for_utc;
use super::reading::{Reading, reading};
use super::recorded::Recorded;
use super::siblings::take_from_siblings;
use mmm_base::TimeSource;
use mmm_facts::{MediumTime, TimeCertainty};
use mmm_spec::{CameraRule, name_time};

/// When each medium was taken.
pub(crate) struct MediaTimes {
    /// One for each medium; `None` if nothing tells.
    pub times: Vec<Option<MediumTime>>,
    /// The time zone of most media, in minutes ahead of UTC.
    pub zone_min: i16,
}

/// Returns when each medium was taken, as far as its own sources and those of its other versions tell.
///
/// A time without a zone is in the zone of most media. A time that claims UTC is local if the names and the
/// other media show it ([`local_for_utc`]).
pub(crate) fn resolve(media: &[Recorded], cameras: &[CameraRule]) -> MediaTimes {
    let readings: Vec<Option<Reading>> = media.iter().map(|medium| reading(medium, cameras)).collect();
    let zone_min = common_zone(media, &readings);
    let local = local_for_utc(media, &readings, zone_min);
    let time = |(reading, &local): (&Option<Reading>, &bool)| reading.map(|one| settle(one, local, zone_min));
    let mut times: Vec<_> = readings.iter().zip(&local).map(time).collect();
    take_from_siblings(media, &mut times);
    MediaTimes { times, zone_min }
}

fn settle(reading: Reading, local_for_utc: bool, common_min: i16) -> MediumTime {
    let time = reading.time;
    let (offset_min, certainty) = match time.offset_min {
        _ if local_for_utc => (common_min, TimeCertainty::LocalForUtc),
        Some(offset_min) => (offset_min, TimeCertainty::Stated),
        None => (common_min, TimeCertainty::ZoneAssumed),
    };
    let noon_s = if time.day_only { 12 * 3600 } else { 0 };
    MediumTime {
        utc_s: time.local_s.saturating_add(noon_s - i64::from(offset_min) * 60),
        // A time that is stated in UTC says nothing about the place.
        zone_min: if reading.names_zone() { offset_min } else { common_min },
        source: time.source,
        certainty: if time.day_only { TimeCertainty::Day } else { certainty },
    }
}

/// Returns the time zone that most media name, in minutes ahead of UTC; if none names one, the zone that the
/// names of clips show whose headers have UTC.
fn common_zone(media: &[Recorded], readings: &[Option<Reading>]) -> i16 {
    let stated = readings.iter().flatten().filter(|reading| reading.names_zone());
    most(stated.filter_map(|reading| reading.time.offset_min))
        .or_else(|| {
            most(media.iter().zip(readings).filter_map(|(medium, reading)| shown(medium, (*reading)?)))
        })
        .unwrap_or(0)
}

/// Returns the value that is there most often; of several, the smallest.
fn most(values: impl Iterator<Item = i16>) -> Option<i16> {
    let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts.into_iter().max_by_key(|&(value, count)| (count, -i32::from(value))).map(|(value, _)| value)
}

/// Returns the offset in whole quarter hours by which the local time in a clip's name is ahead of the UTC in
/// its header.
fn shown(medium: &Recorded, reading: Reading) -> Option<i16> {
    let name = name_time(medium.path.name()).filter(|name| !name.day_only && name.offset_min.is_none())?;
    if !reading.claims_utc() || reading.time.source != TimeSource::Header {
        return None;
    }
    let ahead = name.local_s - reading.time.local_s;
    let length_s = medium.probe.duration.map_or(0, |length| length.micros() / 1_000_000);
    let quarters = (ahead + length_s / 2 + 450).div_euclid(900);
    let near = (ahead + length_s / 2 - quarters * 900).abs() <= 300 + length_s / 2;
    (near && quarters != 0 && quarters.abs() <= 14 * 4).then_some((quarters * 15) as i16)
}
