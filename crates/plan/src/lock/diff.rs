use std::collections::BTreeMap;

use serde::Serialize;

use super::LockedOutput;
use mmm_base::{Speed, Time};
use mmm_facts::KeptShot;

/// How one shot changed from one cut of a movie to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShotChange {
    pub id: String,
    pub kind: ChangeKind,
    /// Its place and content before; `None` for an added shot.
    pub before: Option<ShotPlace>,
    /// Its place and content now; `None` for a shot that is gone.
    pub after: Option<ShotPlace>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Gone,
    /// Its length, the part of its clip or its speed changed.
    Retimed,
    /// It is the same, but starts at another time.
    Moved,
}

/// The place of a shot, and what it shows. Times are in seconds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShotPlace {
    /// Counted from 1.
    pub number: usize,
    pub start: Time,
    pub length: Time,
    #[serde(rename = "in")]
    pub from: Option<Time>,
    #[serde(rename = "out")]
    pub to: Option<Time>,
    #[serde(skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
}

/// Half a frame at 60 frames per second: smaller differences are not visible in any frame.
const LEAST: Time = Time::from_micros(8_333);

fn same(a: Time, b: Time) -> bool {
    (a - b).micros().abs() < LEAST.micros()
}

impl ShotPlace {
    /// Whether a shot has the same length, part and speed in both places.
    fn shows_the_same(&self, other: &Self) -> bool {
        let alike = |a: Option<Time>, b: Option<Time>| match (a, b) {
            (Some(a), Some(b)) => same(a, b),
            (a, b) => a == b,
        };
        let same_part = alike(self.from, other.from) && alike(self.to, other.to);
        same(self.length, other.length) && same_part && self.speed == other.speed
    }
}

/// Returns the shots that differ between two cuts: those of the new one in its order, then those that are
/// gone.
pub fn diff(before: &LockedOutput, after: &LockedOutput) -> Vec<ShotChange> {
    let (old, new) = (by_name(before), by_name(after));
    let changed = after.shots.iter().filter_map(|shot| {
        let (was, is) = (old.get(shot.id.as_str()), new.get(shot.id.as_str())?);
        let kind = match was {
            None => ChangeKind::Added,
            Some(was) if !was.shows_the_same(is) => ChangeKind::Retimed,
            Some(was) if !same(was.start, is.start) => ChangeKind::Moved,
            Some(_) => return None,
        };
        Some(ShotChange { id: shot.id.clone(), kind, before: was.cloned(), after: Some(is.clone()) })
    });
    let gone =
        before.shots.iter().filter(|shot| !new.contains_key(shot.id.as_str())).map(|shot| ShotChange {
            id: shot.id.clone(),
            kind: ChangeKind::Gone,
            before: old.get(shot.id.as_str()).cloned(),
            after: None,
        });
    changed.chain(gone).collect()
}

/// Returns the place of each shot, by its id.
fn by_name(output: &LockedOutput) -> BTreeMap<&str, ShotPlace> {
    places(output).into_iter().map(|(shot, place)| (shot.id.as_str(), place)).collect()
}

/// Returns the shots in order, each with its place.
pub(super) fn places(output: &LockedOutput) -> Vec<(&KeptShot, ShotPlace)> {
    let ends = output.shots.iter().skip(1).map(|shot| shot.start).chain([output.length]);
    let place = |(index, (shot, end)): (usize, (&KeptShot, Time))| ShotPlace {
        number: index + 1,
        start: shot.start,
        length: end - shot.start,
        from: shot.part.map(|part| part.0),
        to: shot.part.map(|part| part.1),
        speed: shot.speed,
    };
    output.shots.iter().zip(output.shots.iter().zip(ends).enumerate().map(place)).collect()
}
