use std::collections::BTreeMap;

use super::recorded::Recorded;
use mmm_base::TimeSource;
use mmm_facts::{MediaKind, MediumTime, TimeCertainty, TimeRemark};
use mmm_spec::{CameraRule, Constraints, Order};

use super::resolve::MediaTimes;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;
/// Media are years away from the rest if nothing is nearer than this, in seconds.
const YEAR_S: i64 = 365 * DAY_S;
/// The rest must be at least this share of all media, in percent.
const REST: usize = 80;
/// A clock that was reset begins at a New Year, and a camera is used within so many hours.
const NEW_YEAR_H: i8 = 6;
/// The rest are at least this many media.
const ENOUGH: usize = 3;
/// A camera is compared with others if it took at least this many media.
const SEVERAL: usize = 2;
/// Two cameras of one folder that are farther apart than this were probably not used together, in seconds.
const TOGETHER_S: i64 = 31 * DAY_S;

/// The media of a movie, and the corrections of their cameras' clocks.
#[derive(Clone, Copy)]
pub(crate) struct Roll<'a> {
    pub media: &'a [Recorded<'a>],
    pub cameras: &'a [CameraRule],
}

/// Returns what a wrong clock would explain about the times of the media. `chapters` has the chapter of each.
pub(crate) fn remarks(
    roll: Roll,
    constraints: &Constraints,
    times: &MediaTimes,
    chapters: &[usize],
) -> Vec<TimeRemark> {
    let times = &without_copied(times);
    let mut found = unknown_cameras(roll);
    let away = years_away(roll, times);
    let far: Vec<usize> = away.iter().flatten().copied().collect();
    found.extend(away.iter().filter_map(|group| years_away_remark(roll, times, group, &far)));
    if constraints.order == Order::Chronological {
        found.extend(never_together(roll, times, &far));
        found.extend(alone_in_chapter(roll, times, chapters, &far));
    }
    found
}

/// Returns the times that media have of their own. An odd one is reported once.
fn without_copied(times: &MediaTimes) -> MediaTimes {
    let own = |time: &Option<MediumTime>| time.filter(|time| time.source != TimeSource::Version);
    MediaTimes { times: times.times.iter().map(own).collect(), zone_min: times.zone_min }
}

/// Returns the entries of `cameras` that name no camera.
fn unknown_cameras(roll: Roll) -> Vec<TimeRemark> {
    let cameras = roll.media.iter().filter_map(|medium| medium.probe.camera.clone());
    let known: std::collections::BTreeSet<String> = cameras.collect();
    let unknown = roll.cameras.iter().filter(|rule| !known.iter().any(|camera| rule.means(camera)));
    unknown
        .map(|rule| TimeRemark::UnknownCamera {
            name: rule.name.clone(),
            known: known.iter().cloned().collect(),
        })
        .collect()
}

/// Returns the media whose times are to be doubted, if they are odd, with their times, in order of time.
fn doubtful<'a>(
    roll: Roll<'a>,
    times: &MediaTimes,
) -> impl Iterator<Item = (usize, &'a Recorded<'a>, MediumTime)> {
    let times = times.times.clone();
    roll.media.iter().enumerate().filter_map(move |(index, medium)| Some((index, medium, times[index]?)))
}

/// Whether the spec already says how the clock of a medium was set.
fn is_corrected(roll: Roll, medium: &Recorded) -> bool {
    let known = &medium.known;
    let camera = medium.probe.camera.as_deref();
    known.taken.is_some()
        || known.clock_s.is_some()
        || known.zone.is_some()
        || camera.is_some_and(|camera| roll.cameras.iter().any(|rule| rule.means(camera)))
}

/// Returns the media that are years away from the rest, those of one camera together.
fn years_away(roll: Roll, times: &MediaTimes) -> Vec<Vec<usize>> {
    let mut dated: Vec<(i64, usize)> = doubtful(roll, times).map(|(at, _, time)| (time.utc_s, at)).collect();
    dated.sort_unstable();
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for &(time, index) in &dated {
        match (runs.last_mut(), last) {
            (Some(run), Some(last)) if time - last <= YEAR_S => run.push(index),
            _ => runs.push(vec![index]),
        }
        last = Some(time);
    }
    let Some(rest) = runs.iter().map(Vec::len).max() else { return Vec::new() };
    let has_rest = rest * 100 >= dated.len() * REST && rest >= ENOUGH;
    let is_away =
        |run: &[usize]| has_rest && run.len() < rest || runs.len() > 1 && is_reset(roll, times, run);
    let mut groups: BTreeMap<(Option<&str>, usize), Vec<usize>> = BTreeMap::new();
    for (number, run) in runs.iter().enumerate().filter(|(_, run)| is_away(run)) {
        for &index in run.iter().filter(|&&index| !is_corrected(roll, &roll.media[index])) {
            let camera = roll.media[index].probe.camera.as_deref();
            groups.entry((camera, number)).or_default().push(index);
        }
    }
    groups
        .into_values()
        .map(|mut group| {
            group.sort_unstable();
            group
        })
        .collect()
}

/// Whether media, in order of time, look like those of one camera whose clock was reset: it then begins at a
/// New Year.
fn is_reset(roll: Roll, times: &MediaTimes, run: &[usize]) -> bool {
    let camera = |index: &usize| roll.media[*index].probe.camera.as_deref();
    let Some(first) = run.first().and_then(|&index| times.times[index]) else { return false };
    let Ok(first) = jiff::Timestamp::from_second(first.local_s()) else { return false };
    let first = first.to_zoned(jiff::tz::TimeZone::UTC);
    let is_of_one = camera(&run[0]).is_some() && run.iter().all(|index| camera(index) == camera(&run[0]));
    is_of_one && first.day_of_year() == 1 && first.hour() < NEW_YEAR_H
}

fn years_away_remark(roll: Roll, times: &MediaTimes, group: &[usize], far: &[usize]) -> Option<TimeRemark> {
    let time = |index: &usize| times.times[*index];
    let first = group.iter().filter_map(time).min_by_key(|time| time.utc_s)?;
    let others = (0..roll.media.len()).filter(|index| !far.contains(index));
    let rest = others.filter_map(|index| times.times[index]).min_by_key(|time| time.utc_s)?;
    let year = jiff::Timestamp::from_second(first.local_s()).ok()?.to_zoned(jiff::tz::TimeZone::UTC).year();
    Some(TimeRemark::YearsAway {
        media: group.iter().map(|&index| roll.media[index].path.clone()).collect(),
        camera: roll.media[group[0]].probe.camera.clone(),
        year,
        days: (rest.utc_s - first.utc_s).div_euclid(DAY_S),
    })
}

/// Returns the pairs of cameras that were never used at the same time: on one day, or within a month if they
/// took media of the same folder.
fn never_together(roll: Roll, times: &MediaTimes, far: &[usize]) -> Vec<TimeRemark> {
    #[derive(Default)]
    struct Use {
        // A raw photo and its JPEG are of the same second, and count once.
        times: std::collections::BTreeSet<i64>,
        folders: std::collections::BTreeSet<String>,
        /// The zones that the files state; `None` for a time without one.
        zones: std::collections::BTreeSet<Option<i16>>,
    }
    // A clock that agrees with another about the zone was set with it.
    let agree = |one: &Use, other: &Use| {
        let stated = |used: &Use| !used.zones.contains(&None);
        stated(one) && stated(other) && !one.zones.is_disjoint(&other.zones)
    };
    let mut cameras: BTreeMap<&str, Use> = BTreeMap::new();
    for (index, medium, time) in doubtful(roll, times) {
        let Some(camera) = medium.probe.camera.as_deref() else { continue };
        let surely = matches!(time.certainty, TimeCertainty::Stated | TimeCertainty::ZoneAssumed);
        if surely && !far.contains(&index) {
            let used = cameras.entry(camera).or_default();
            used.zones.insert(stated_zone(time));
            used.times.insert(time.utc_s);
            used.folders.insert(folder(medium).to_owned());
        }
    }
    let silenced = |camera: &str| roll.cameras.iter().any(|rule| rule.means(camera));
    let used: Vec<(&str, i64, i64, usize, &Use)> = cameras
        .iter()
        .filter(|(camera, used)| used.times.len() >= SEVERAL && !silenced(camera))
        .filter_map(|(camera, used)| {
            Some((*camera, *used.times.first()?, *used.times.last()?, used.times.len(), used))
        })
        .collect();
    let mut found = Vec::new();
    for (at, one) in used.iter().enumerate() {
        for other in &used[at + 1..] {
            let apart_s = (other.1 - one.2).max(one.1 - other.2);
            let one_folder = !one.4.folders.is_disjoint(&other.4.folders);
            if agree(one.4, other.4) {
                continue;
            }
            if apart_s <= 0 || apart_s > if one_folder { TOGETHER_S } else { DAY_S } {
                continue;
            }
            let (fewer, more) = if one.3 < other.3 { (one, other) } else { (other, one) };
            let cameras = (fewer.0.to_owned(), more.0.to_owned());
            found.push(TimeRemark::NeverTogether { cameras, apart_s });
        }
    }
    found
}

/// Returns the zone that the file itself states for its place, in minutes ahead of UTC.
fn stated_zone(time: MediumTime) -> Option<i16> {
    let is_of_place = matches!(time.source, TimeSource::Exif | TimeSource::Tag);
    (is_of_place && time.certainty == TimeCertainty::Stated).then_some(time.zone_min)
}

/// Returns the clips that are the only medium of their chapter, on a day on which others of their folder were
/// taken.
fn alone_in_chapter(roll: Roll, times: &MediaTimes, chapters: &[usize], far: &[usize]) -> Vec<TimeRemark> {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    chapters.iter().for_each(|chapter| *sizes.entry(*chapter).or_default() += 1);
    let mut folders: BTreeMap<&str, Vec<(i64, usize)>> = BTreeMap::new();
    for (index, medium, time) in doubtful(roll, times) {
        folders.entry(folder(medium)).or_default().push((time.utc_s, index));
    }
    let mut found = Vec::new();
    for (index, medium, time) in doubtful(roll, times) {
        let alone = sizes.get(&chapters[index]) == Some(&1) && medium.probe.kind == MediaKind::Clip;
        let sure = time.certainty == TimeCertainty::Day || far.contains(&index) || is_corrected(roll, medium);
        if !alone || sure {
            continue;
        }
        let others = folders.get(folder(medium)).into_iter().flatten().filter(|(_, other)| *other != index);
        let apart: Vec<i64> = others.map(|(other, _)| other - time.utc_s).collect();
        let nearest = apart.iter().copied().min_by_key(|apart| apart.abs());
        if let Some(nearest_s) = nearest.filter(|apart| apart.abs() < DAY_S && apart.abs() > HOUR_S) {
            let camera = medium.probe.camera.clone();
            found.push(TimeRemark::AloneInChapter { path: medium.path.clone(), camera, nearest_s });
        }
    }
    found
}

fn folder<'a>(medium: &Recorded<'a>) -> &'a str {
    medium.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}
