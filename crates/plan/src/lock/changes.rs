use std::collections::BTreeMap;

use super::diff::places;
use super::{ChangeKind, Lock, LockedOutput, ShotPlace, diff};
use mmm_base::{Digest, MediaPath};
use mmm_facts::KeptShot;

/// A difference between two locks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LockChange {
    Shots(ShotsChange),
    OutputAdded(MediaPath),
    OutputGone(MediaPath),
    /// The length of an output that has no shots.
    Length(MediaPath),
    /// Different music under the same shots of an output.
    Music(MediaPath),
    /// The frame rate of an output.
    Rate(MediaPath),
    /// The settings of an output; its shots are the same.
    Settings(MediaPath),
    Medium(MediumChange),
    /// A font that is missing from the lock, or has other content there.
    FontAdded(String),
    FontGone(String),
}

/// The first shot of an output that would show another medium, otherwise the first that would differ at all,
/// and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShotsChange {
    pub output: MediaPath,
    /// The id and place of the shot in the lock; `None` if the lock has fewer shots.
    pub before: Option<(String, ShotPlace)>,
    /// The shot of the same number that would replace it; `None` if there would be fewer shots.
    pub after: Option<(String, ShotPlace)>,
    /// How many shots would be different in total.
    pub changed: usize,
    /// Never empty.
    pub because: Vec<LockCause>,
}

/// Why shots would be different.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LockCause {
    Medium(MediumChange),
    /// The settings that determine the shots of the output.
    Settings,
    /// Analyses have other versions: the name of each, its version in the lock and its present version.
    Facts(Vec<(String, Option<u32>, Option<u32>)>),
    /// Nothing that the lock records: the planner or a rule of `media` changed.
    Planner,
}

/// How a medium changed since the lock was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MediumChange {
    New(MediaPath),
    /// It has other content.
    Edited(MediaPath),
    Gone(MediaPath),
    Renamed {
        from: MediaPath,
        to: MediaPath,
    },
}

impl MediumChange {
    /// Returns the path in the lock or, for a new medium, in the movie.
    fn path(&self) -> &MediaPath {
        match self {
            Self::New(path) | Self::Edited(path) | Self::Gone(path) | Self::Renamed { from: path, .. } => {
                path
            }
        }
    }
}

impl Lock {
    /// Whether two locks describe the same movie from the same media. The versions of the format and of the
    /// analyses don't matter, nor does the order of the outputs.
    pub fn means_the_same(&self, other: &Self) -> bool {
        let by_name = |lock: &Self| {
            let outputs = lock.outputs.iter().map(|output| (output.name.clone(), output.clone()));
            outputs.collect::<BTreeMap<_, _>>()
        };
        self.media == other.media && self.fonts == other.fonts && by_name(self) == by_name(other)
    }
}

/// Returns what would be different if `new` replaced `old`; empty if both mean the same. If shots would be
/// different, changes of media are listed only as their causes.
pub fn changes(old: &Lock, new: &Lock) -> Vec<LockChange> {
    if old.means_the_same(new) {
        return Vec::new();
    }
    let media = media_changes(old, new);
    let renamed = old.renamed(&new.media);
    let mut changes = Vec::new();
    let find = |lock: &Lock, name: &MediaPath| lock.outputs.iter().position(|output| output.name == *name);
    for now in &new.outputs {
        match find(&renamed, &now.name) {
            None => changes.push(LockChange::OutputAdded(now.name.clone())),
            Some(at) => changes.extend(output_change(&renamed, new, &renamed.outputs[at], now, &media)),
        }
    }
    let gone = old.outputs.iter().filter(|was| find(new, &was.name).is_none());
    changes.extend(gone.map(|was| LockChange::OutputGone(was.name.clone())));
    if !changes.iter().any(|change| matches!(change, LockChange::Shots(_))) {
        changes.extend(media.into_iter().map(LockChange::Medium));
    }
    changes.extend(font_changes(&old.fonts, &new.fonts));
    changes
}

/// Returns what is different in an output that both locks have; in `old`, renamed media already have their
/// new names.
fn output_change(
    old: &Lock,
    new: &Lock,
    was: &LockedOutput,
    now: &LockedOutput,
    media: &[MediumChange],
) -> Option<LockChange> {
    let name = || now.name.clone();
    if let Some((before, after)) = first_difference(was, now) {
        let paths: Vec<&MediaPath> = [before, after].into_iter().flatten().map(|shot| &shot.source).collect();
        let because = causes(old, new, was.wishes != now.wishes, media, &paths);
        let place = |output, shot: Option<&KeptShot>| {
            let shot = shot?;
            let place = places(output).into_iter().find(|(other, _)| other.id == shot.id)?.1;
            Some((shot.id.clone(), place))
        };
        let (before, after) = (place(was, before), place(now, after));
        let output = name();
        return Some(LockChange::Shots(ShotsChange {
            output,
            before,
            after,
            changed: changed_shots(was, now),
            because,
        }));
    }
    if was.length != now.length {
        Some(LockChange::Length(name()))
    } else if was.music != now.music {
        Some(LockChange::Music(name()))
    } else if was.rate != now.rate {
        Some(LockChange::Rate(name()))
    } else if was.wishes != now.wishes {
        Some(LockChange::Settings(name()))
    } else {
        None
    }
}

/// Returns the first pair of shots with the same number that show different media, otherwise the first pair
/// that differs at all; `None` if all are the same.
fn first_difference<'a>(
    was: &'a LockedOutput,
    now: &'a LockedOutput,
) -> Option<(Option<&'a KeptShot>, Option<&'a KeptShot>)> {
    let (old, new) = (places(was), places(now));
    let numbers = 0..old.len().max(new.len());
    let name =
        |shots: &[(&KeptShot, ShotPlace)], index: usize| shots.get(index).map(|shot| shot.0.id.clone());
    let found = numbers
        .clone()
        .find(|&index| name(&old, index) != name(&new, index))
        .or_else(|| numbers.clone().find(|&index| old.get(index) != new.get(index)))?;
    Some((old.get(found).map(|shot| shot.0), new.get(found).map(|shot| shot.0)))
}

/// Returns how many shots are different; a shot that replaces another counts once.
fn changed_shots(was: &LockedOutput, now: &LockedOutput) -> usize {
    let changes = diff(was, now);
    let of = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let replaced = of(ChangeKind::Added).max(of(ChangeKind::Gone));
    (replaced + of(ChangeKind::Retimed) + of(ChangeKind::Moved)).max(1)
}

/// Returns why a shot of the media `paths` would be different: the changes of these media, otherwise the
/// first that applies of settings, other media and versions of analyses.
fn causes(
    old: &Lock,
    new: &Lock,
    other_settings: bool,
    media: &[MediumChange],
    paths: &[&MediaPath],
) -> Vec<LockCause> {
    let telling: Vec<&MediumChange> =
        media.iter().filter(|change| !matches!(change, MediumChange::Renamed { .. })).collect();
    let own: Vec<LockCause> = telling
        .iter()
        .filter(|change| paths.contains(&change.path()))
        .map(|change| LockCause::Medium((*change).clone()))
        .collect();
    if !own.is_empty() {
        return own;
    }
    if other_settings {
        return vec![LockCause::Settings];
    }
    if !telling.is_empty() {
        return telling.into_iter().map(|change| LockCause::Medium(change.clone())).collect();
    }
    // A new name can mean another place in the order of the shots.
    if !media.is_empty() {
        return media.iter().map(|change| LockCause::Medium(change.clone())).collect();
    }
    let versions = other_versions(&old.analyses, &new.analyses);
    vec![if versions.is_empty() { LockCause::Planner } else { LockCause::Facts(versions) }]
}

/// Returns the analyses whose versions differ.
fn other_versions(
    old: &BTreeMap<String, u32>,
    new: &BTreeMap<String, u32>,
) -> Vec<(String, Option<u32>, Option<u32>)> {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let versions =
        names.into_iter().map(|name| (name.clone(), old.get(name).copied(), new.get(name).copied()));
    versions.filter(|(_, before, after)| before != after).collect()
}

/// Returns the changes of media, by path, with missing and renamed media last.
fn media_changes(old: &Lock, new: &Lock) -> Vec<MediumChange> {
    let renames = old.renames(&new.media);
    let now = new.media.iter().filter_map(|(path, digest)| match old.media.get(path) {
        None if renames.values().any(|to| *to == path) => None,
        None => Some(MediumChange::New(path.clone())),
        Some(before) => (before != digest).then(|| MediumChange::Edited(path.clone())),
    });
    let gone = old.media.keys().filter(|path| !new.media.contains_key(path));
    let gone = gone.map(|path| match renames.get(path) {
        Some(to) => MediumChange::Renamed { from: path.clone(), to: (*to).clone() },
        None => MediumChange::Gone(path.clone()),
    });
    now.chain(gone).collect()
}

fn font_changes(old: &BTreeMap<String, Digest>, new: &BTreeMap<String, Digest>) -> Vec<LockChange> {
    let added = new.iter().filter(|(name, digest)| old.get(*name) != Some(digest));
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    let added = added.map(|(name, _)| LockChange::FontAdded(name.clone()));
    added.chain(gone.map(|name| LockChange::FontGone(name.clone()))).collect()
}
