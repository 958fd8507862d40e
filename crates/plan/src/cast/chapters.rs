use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::copied_times::take_from_copies;
use super::place::Place;
use crate::dates::{MediaTimes, Recorded, Roll, remarks, resolve};
use mmm_base::TimeSource;
use mmm_facts::{Material, MediumTime, TimeCertainty, TimeRemark};
use mmm_spec::{CameraRule, Constraints, Order};

/// The media in the order of the story, and the titles of their chapters.
pub(super) struct Chapters {
    pub places: Vec<Place>,
    pub titles: Vec<String>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Orders the media and divides them into chapters. A gap of more than `chapter-gap` between two neighbours
/// starts a chapter.
pub(super) fn divide(material: &Material) -> Chapters {
    let media: Vec<Recorded> = material.media.iter().map(Recorded::from).collect();
    let times = known_times(material, &media);
    divide_by(&media, &times, &material.settings.constraints)
}

/// Returns when each medium was taken, by what is beside it, its headers, and its picture.
fn known_times(material: &Material, media: &[Recorded]) -> MediaTimes {
    let mut times = resolve(media, &material.cameras);
    take_from_copies(material, &mut times.times);
    times
}

fn divide_by(media: &[Recorded], times: &MediaTimes, constraints: &Constraints) -> Chapters {
    let anchors = anchors(times);
    let mut listed: Vec<usize> = (0..media.len()).collect();
    if constraints.order == Order::Chronological {
        listed.sort_by_key(|&index| anchors[index].key(media, index));
    }
    let gap_s = constraints.chapter_gap.micros() / 1_000_000;
    let mut places: Vec<Place> = Vec::with_capacity(listed.len());
    let mut chapter = 0;
    for index in listed {
        let taken = anchors[index].taken;
        if let (Some(now), Some(before)) = (taken, places.last().and_then(|place| place.taken))
            && now.abs_diff(before) > gap_s.unsigned_abs()
        {
            chapter += 1;
        }
        places.push(Place { medium: index, taken, chapter });
    }
    let titles = titles(times, &places);
    Chapters { places, titles }
}

/// Returns the chapter of each medium, counted from 0 in the order of the story.
pub fn chapters(material: &Material) -> Vec<usize> {
    in_listed_order(&divide(material).places)
}

fn in_listed_order(places: &[Place]) -> Vec<usize> {
    let mut chapters = vec![0; places.len()];
    for place in places {
        chapters[place.medium] = place.chapter;
    }
    chapters
}

/// Returns when each medium was taken, and that of a listed neighbour for media of which nothing tells it.
pub fn capture_times(media: &[Recorded], cameras: &[CameraRule]) -> Vec<Option<MediumTime>> {
    with_neighbours(&resolve(media, cameras))
}

/// Returns when each medium of a plan was taken. Unlike [`capture_times`], this also compares pictures, since
/// a copy tells when its picture was taken.
pub fn planned_times(material: &Material) -> Vec<Option<MediumTime>> {
    let media: Vec<Recorded> = material.media.iter().map(Recorded::from).collect();
    with_neighbours(&known_times(material, &media))
}

fn with_neighbours(times: &MediaTimes) -> Vec<Option<MediumTime>> {
    let neighbour = |anchor: &Anchor| {
        Some(MediumTime {
            utc_s: anchor.taken?,
            zone_min: times.zone_min,
            source: TimeSource::Neighbour,
            certainty: TimeCertainty::Neighbour,
        })
    };
    let own = times.times.iter().copied();
    own.zip(&anchors(times)).map(|(own, anchor)| own.or_else(|| neighbour(anchor))).collect()
}

/// Returns what a wrong clock would explain about the times of the media.
pub fn time_remarks(
    media: &[Recorded],
    cameras: &[CameraRule],
    constraints: &Constraints,
) -> Vec<TimeRemark> {
    let times = resolve(media, cameras);
    let chapters = in_listed_order(&divide_by(media, &times, constraints).places);
    remarks(Roll { media, cameras }, constraints, &times, &chapters)
}

/// The dated medium that determines the place of a medium.
#[derive(Clone, Copy)]
struct Anchor {
    taken: Option<i64>,
    /// Index of the dated medium; its own if it has a date.
    with: usize,
    /// How many places after that medium it is listed; negative if before.
    distance: i64,
}

impl Anchor {
    /// Returns the sort key. It does not depend on where dated media are listed, so a shuffled listing sorts
    /// the same.
    fn key<'a>(&self, media: &'a [Recorded], index: usize) -> (Option<i64>, &'a str, i64, usize) {
        match self.taken {
            Some(_) => (self.taken, media[self.with].path.as_str(), self.distance, 0),
            None => (None, "", 0, index),
        }
    }
}

/// Returns for every medium what determines its place.
///
/// A medium of which only the day is known comes after the last one of that day. A medium without a time
/// stays beside the nearest one listed before it that has one, otherwise the nearest after it.
fn anchors(times: &MediaTimes) -> Vec<Anchor> {
    let times = &times.times;
    let exact = |index: usize| times[index].filter(|time| time.certainty != TimeCertainty::Day);
    let day = |time: MediumTime| time.local_s().div_euclid(86_400);
    // The last medium of each day.
    let mut last_of: BTreeMap<i64, (i64, usize)> = BTreeMap::new();
    for (index, time) in (0..times.len()).filter_map(|index| Some((index, exact(index)?))) {
        let last = last_of.entry(day(time)).or_insert((time.utc_s, index));
        *last = (*last).max((time.utc_s, index));
    }
    let mut anchors: Vec<Option<Anchor>> = vec![None; times.len()];
    for (index, time) in times.iter().enumerate() {
        let Some(time) = time else { continue };
        let own = Anchor { taken: Some(time.utc_s), with: index, distance: 0 };
        let last = last_of.get(&day(*time)).filter(|_| time.certainty == TimeCertainty::Day);
        let behind = |&(taken, with): &(i64, usize)| Anchor {
            taken: Some(taken),
            with,
            distance: (times.len() + index) as i64,
        };
        anchors[index] = Some(last.map_or(own, behind));
    }
    let first = anchors.iter().position(Option::is_some);
    let mut last = first;
    let mut settled = Vec::with_capacity(times.len());
    for (index, anchor) in anchors.iter().enumerate() {
        if anchor.is_some() {
            last = Some(index);
        }
        let beside = last.and_then(|last| anchors[last].map(|anchor| (last, anchor)));
        settled.push(beside.map_or(Anchor { taken: None, with: index, distance: 0 }, |(last, anchor)| {
            Anchor { distance: anchor.distance + index as i64 - last as i64, ..anchor }
        }));
    }
    settled
}

/// Returns titles such as `14 July 2023`, with the time of day if several chapters start on that day.
fn titles(times: &MediaTimes, places: &[Place]) -> Vec<String> {
    let count = places.last().map_or(0, |place| place.chapter + 1);
    let mut clocks: Vec<Option<DateTime>> = vec![None; count];
    for place in places {
        let clock = &mut clocks[place.chapter];
        if clock.is_none() {
            *clock = wall_clock(times, place);
        }
    }
    let mut days: BTreeMap<_, usize> = BTreeMap::new();
    for clock in clocks.iter().flatten() {
        *days.entry(clock.date()).or_default() += 1;
    }
    clocks
        .iter()
        .enumerate()
        .map(|(index, clock)| match clock {
            Some(clock) => title(clock, days.get(&clock.date()).is_some_and(|&count| count > 1)),
            None => format!("Chapter {}", index + 1),
        })
        .collect()
}

fn wall_clock(times: &MediaTimes, place: &Place) -> Option<DateTime> {
    let local_s = match times.times[place.medium] {
        Some(time) => time.local_s(),
        None => place.taken?.checked_add(i64::from(times.zone_min) * 60)?,
    };
    Some(Timestamp::from_second(local_s).ok()?.to_zoned(TimeZone::UTC).datetime())
}

fn title(clock: &DateTime, with_hour: bool) -> String {
    let month = MONTHS[usize::from(clock.month().unsigned_abs()) - 1];
    let day = format!("{} {month} {}", clock.day(), clock.year());
    if with_hour { format!("{day}, {:02}:{:02}", clock.hour(), clock.minute()) } else { day }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{CaptureTime, Time};
    use mmm_facts::Medium;
    use mmm_facts::sample::photo;

    const HOUR: Time = Time::from_secs(3600);
    /// 2023-07-14T09:12:00.
    const MORNING: i64 = 1_689_325_920;

    fn at(path: &str, local_s: i64, offset_min: Option<i16>) -> Medium {
        let mut medium = photo(path, 0);
        medium.probe.taken = Some(CaptureTime::new(local_s, offset_min, TimeSource::Exif));
        medium
    }

    fn undated(path: &str) -> Medium {
        let mut medium = photo(path, 0);
        medium.probe.taken = None;
        medium
    }

    fn of(media: &[Medium]) -> Chapters {
        let mut material = mmm_facts::sample::material(0, 120_000);
        material.media = media.to_vec();
        material.settings.constraints.chapter_gap = HOUR;
        divide(&material)
    }

    fn story(media: &[Medium]) -> Vec<(&str, usize)> {
        let chapters = of(media);
        let named = |place: &Place| (media[place.medium].path.as_str(), place.chapter);
        chapters.places.iter().map(named).collect()
    }

    #[test]
    fn a_long_gap_starts_a_chapter_and_midnight_does_not() {
        let night = MORNING - MORNING.rem_euclid(86_400) + 86_400;
        let media = [
            at("b", night + 600, None),
            at("a", night - 600, None),
            at("c", night + 4201, None),
            at("0", MORNING, None),
        ];
        assert_eq!(story(&media), [("0", 0), ("a", 1), ("b", 1), ("c", 2)]);
        let titles = of(&media).titles;
        assert_eq!(titles, ["14 July 2023, 09:12", "14 July 2023, 23:50", "15 July 2023"]);
    }

    #[test]
    fn the_undated_stay_with_their_listed_neighbour() {
        let media = [
            undated("first"),
            at("late", MORNING + 9000, None),
            undated("after-late"),
            at("early", MORNING, None),
            undated("x"),
            undated("a"),
        ];
        let wanted = [("early", 0), ("x", 0), ("a", 0), ("first", 1), ("late", 1), ("after-late", 1)];
        assert_eq!(story(&media), wanted);
        assert_eq!(story(&[undated("b"), undated("a")]), [("b", 0), ("a", 0)]);
    }

    #[test]
    fn a_missing_zone_is_the_common_one() {
        let media = [
            at("lisbon", MORNING, Some(60)),
            at("camera", MORNING + 60, None),
            at("berlin", MORNING + 3600, Some(120)),
            at("porto", MORNING + 120, Some(60)),
        ];
        assert_eq!(story(&media), [("berlin", 0), ("lisbon", 0), ("camera", 0), ("porto", 0)]);
    }

    #[test]
    fn absurd_dates_get_a_plain_title() {
        let media = [at("a", i64::MAX, None), at("b", i64::MIN / 2, None)];
        let chapters = of(&media);
        assert_eq!(chapters.titles, ["Chapter 1", "Chapter 2"]);
    }
}
