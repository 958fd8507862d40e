use std::collections::BTreeMap;

use serde::Serialize;

use super::LockedOutput;
use mmm_base::{Speed, Time};
use mmm_facts::KeptShot;

/// What became of one shot from one cut of a movie to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShotChange {
    pub id: String,
    pub kind: ChangeKind,
    /// Where and what it was; none for an added shot.
    pub before: Option<ShotPlace>,
    /// Where and what it is; none for one that is gone.
    pub after: Option<ShotPlace>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Gone,
    /// It lasts longer or shorter, or shows another part of its clip, or at another speed.
    Retimed,
    /// It is the same and stands elsewhere.
    Moved,
}

/// Where a shot stands, and what it shows. Times in seconds.
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

/// Half a frame's time at 60 frames a second: what differs by less differs in no frame that anyone
/// could point at.
const LEAST: Time = Time::from_micros(8_333);

fn same(a: Time, b: Time) -> bool {
    (a - b).micros().abs() < LEAST.micros()
}

impl ShotPlace {
    /// Whether a shot lasts as long and shows the same part as at another place.
    fn shows_the_same(&self, other: &Self) -> bool {
        let alike = |a: Option<Time>, b: Option<Time>| match (a, b) {
            (Some(a), Some(b)) => same(a, b),
            (a, b) => a == b,
        };
        let same_part = alike(self.from, other.from) && alike(self.to, other.to);
        same(self.length, other.length) && same_part && self.speed == other.speed
    }
}

/// The shots that differ between two cuts: those of the new one in its order, then those gone.
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

/// The place of each shot, by its name.
fn by_name(output: &LockedOutput) -> BTreeMap<&str, ShotPlace> {
    places(output).into_iter().map(|(shot, place)| (shot.id.as_str(), place)).collect()
}

/// The shots in order, each with its place.
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
