use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use mmm_base::Time;
use mmm_facts::{Material, MediaKind, Medium};
use mmm_spec::Order;

/// A medium's place in the story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Index among the media as listed.
    pub medium: usize,
    /// Capture time in UTC seconds; that of a listed neighbour if it has none.
    pub taken: Option<i64>,
    /// Index of its chapter.
    pub chapter: usize,
}

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

/// Orders the media and divides them into chapters. A gap of more than `gap` between two neighbours starts a
/// chapter.
pub(super) fn divide(media: &[Medium], order: Order, gap: Time) -> Chapters {
    let zone_min = common_zone(media);
    let anchors = anchors(media, zone_min);
    let mut listed: Vec<usize> = (0..media.len()).collect();
    if order == Order::Chronological {
        listed.sort_by_key(|&index| anchors[index].key(media, index));
    }
    let gap_s = gap.micros() / 1_000_000;
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
    let titles = titles(media, &places, zone_min);
    Chapters { places, titles }
}

/// Returns the chapter of each medium, counted from 0 in the order of the story.
pub fn chapters(material: &Material) -> Vec<usize> {
    let constraints = &material.settings.constraints;
    let divided = divide(&material.media, constraints.order, constraints.chapter_gap);
    let mut chapters = vec![0; material.media.len()];
    for place in divided.places {
        chapters[place.medium] = place.chapter;
    }
    chapters
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
    fn key<'a>(&self, media: &'a [Medium], index: usize) -> (Option<i64>, &'a str, i64, usize) {
        match self.taken {
            Some(_) => (self.taken, media[self.with].path.as_str(), self.distance, 0),
            None => (None, "", 0, index),
        }
    }
}

/// Returns for every medium the nearest dated one listed before it, otherwise the nearest after it.
fn anchors(media: &[Medium], zone_min: i16) -> Vec<Anchor> {
    let dated = |index: usize| media[index].probe.taken.map(|taken| taken.utc_s(zone_min));
    let first = (0..media.len()).find(|&index| dated(index).is_some());
    let mut last = first;
    (0..media.len())
        .map(|index| {
            if dated(index).is_some() {
                last = Some(index);
            }
            let with = last.unwrap_or(index);
            Anchor { taken: dated(with), with, distance: index as i64 - with as i64 }
        })
        .collect()
}

/// Whether a medium has a capture time in UTC but no local time zone: most cameras write only UTC in clips.
fn is_utc_only(medium: &Medium) -> bool {
    medium.probe.kind == MediaKind::Clip
        && medium.probe.taken.is_some_and(|taken| taken.offset_min == Some(0))
}

/// Returns the time zone that most media name, in minutes ahead of UTC.
fn common_zone(media: &[Medium]) -> i16 {
    let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
    let zoned = media.iter().filter(|medium| !is_utc_only(medium));
    for offset in zoned.filter_map(|medium| medium.probe.taken?.offset_min) {
        *counts.entry(offset).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(offset, count)| (count, -i32::from(offset)))
        .map_or(0, |(offset, _)| offset)
}

/// Returns titles such as `14 July 2023`, with the time of day if several chapters start on that day.
fn titles(media: &[Medium], places: &[Place], zone_min: i16) -> Vec<String> {
    let count = places.last().map_or(0, |place| place.chapter + 1);
    let mut clocks: Vec<Option<DateTime>> = vec![None; count];
    for place in places {
        let clock = &mut clocks[place.chapter];
        if clock.is_none() {
            *clock = wall_clock(media, place, zone_min);
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

fn wall_clock(media: &[Medium], place: &Place, zone_min: i16) -> Option<DateTime> {
    let medium = &media[place.medium];
    let local_s = match medium.probe.taken {
        Some(taken) if is_utc_only(medium) => taken.local_s.checked_add(i64::from(zone_min) * 60)?,
        Some(taken) => taken.local_s,
        None => place.taken?.checked_add(i64::from(zone_min) * 60)?,
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
    use mmm_base::{CaptureTime, TimeSource};
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

    fn story(media: &[Medium]) -> Vec<(&str, usize)> {
        let chapters = divide(media, Order::Chronological, HOUR);
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
        let titles = divide(&media, Order::Chronological, HOUR).titles;
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
        let chapters = divide(&media, Order::Chronological, HOUR);
        assert_eq!(chapters.titles, ["Chapter 1", "Chapter 2"]);
    }
}
