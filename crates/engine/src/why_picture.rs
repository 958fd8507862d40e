//! Explains why a poster or a preview was rendered again.

use std::collections::BTreeMap;
use std::path::Path;

use super::journal::{Built, BuiltOutput, BuiltPicture, Journal};
use super::need::Need;
use super::pictures::pictures;
use super::recipe_changes::differences;
use super::what_changed::{change, in_words, output_of, upgrades, what_changed};
use super::{Change, Made, Why, Workspace, queries};
use mmm_base::{Key, MediaPath};

impl Workspace {
    /// Returns the output and the name of the picture that is written to `path`, if there is one; the file
    /// need not exist.
    pub fn picture_at(&self, path: &Path) -> Option<(MediaPath, MediaPath)> {
        let outputs = self.movie()?.outputs.iter();
        let mut named = outputs.flat_map(|output| output.pictures().map(move |name| (&output.name, name)));
        let found = named.find(|(_, name)| self.is_place_of(path, name))?;
        Some((found.0.clone(), found.1.clone()))
    }

    /// Explains why a picture of the last build is as it is; `None` if nothing was built.
    pub fn why_picture(&self, output: &MediaPath, name: &MediaPath) -> Option<Why> {
        let Journal { builds } = self.journal();
        let last = builds.last()?;
        let now = output_of(last, output)?;
        let picture = now.pictures.iter().find(|picture| picture.name == *name)?;
        let before = builds.len().checked_sub(2).map(|index| &builds[index]);
        let old = before.and_then(|build| output_of(build, output));
        let key = picture.made_of.key(&last.tools);
        let is_kept = |old: &BuiltOutput, before: &Built| {
            old.pictures.iter().any(|picture| picture.made_of.key(&before.tools) == key)
        };
        let (mut changes, mut causes) = (Vec::new(), Vec::new());
        let made = match (before, old) {
            (None, _) => Made::First,
            (Some(before), Some(old)) if is_kept(old, before) => Made::Kept,
            (Some(before), old) => {
                changes = old.map_or_else(Vec::new, |old| changes_of((old, before), (now, last), picture));
                let upgrades = upgrades(&picture.made_of, before, last);
                changes.extend(upgrades.clone());
                causes = what_changed(before, last, output);
                causes.extend(upgrades);
                Made::Again
            }
        };
        let shown = shots(now, picture);
        let (index, shot) = now.shot_at(*picture.frames.first()?)?;
        Some(Why {
            output: output.clone(),
            picture: Some(name.clone()),
            others: shown.into_iter().skip(1).collect(),
            shot: Some(shot.id.clone()),
            number: index + 1,
            reason: Some(shot.reason.clone()),
            start: *picture.frames.first()?,
            frames: 1,
            key: key.to_string(),
            made,
            changes,
            causes,
        })
    }

    /// Returns the current pictures by their keys, each with its output.
    pub(super) fn beside(&self) -> BTreeMap<Key, (BuiltOutput, BuiltPicture)> {
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        let mut found = BTreeMap::new();
        for (index, output) in outputs.iter().enumerate() {
            let Need::Ready(Some(timeline)) = queries::timeline(&self.db, self.project, index) else {
                continue;
            };
            let beside = pictures(&self.db, self.project, index);
            let built = BuiltOutput::of(output.name.clone(), timeline).with(beside);
            for picture in &built.pictures {
                found.insert(self.key(&picture.made_of), (built.clone(), picture.clone()));
            }
        }
        found
    }
}

/// Returns a sentence that says why the picture of an output has to be rendered.
pub(super) fn reason_of_picture(
    output: &BuiltOutput,
    picture: &BuiltPicture,
    last: &Built,
    now: &Built,
) -> String {
    let name = &picture.name;
    let Some(old) = output_of(last, &output.name).filter(|old| named(old, name).is_some()) else {
        return format!("`{name}` is a new picture");
    };
    let mut changes = changes_of((old, last), (output, now), picture);
    changes.extend(upgrades(&picture.made_of, last, now));
    if changes.is_empty() {
        return format!("`{name}`: it is not in the cache");
    }
    format!("`{name}`: {}", in_words(&changes))
}

fn named<'a>(output: &'a BuiltOutput, name: &MediaPath) -> Option<&'a BuiltPicture> {
    output.pictures.iter().find(|picture| picture.name == *name)
}

/// Returns what changed in a picture: the shots that it shows, or their settings.
fn changes_of(
    (old, before): (&BuiltOutput, &Built),
    (new, after): (&BuiltOutput, &Built),
    picture: &BuiltPicture,
) -> Vec<Change> {
    let Some(known) = named(old, &picture.name) else {
        return vec![change("the picture", None, Some("is new beside the movie".to_owned()))];
    };
    let names = |output: &BuiltOutput, picture: &BuiltPicture| {
        let shown: Vec<String> =
            shots(output, picture).into_iter().map(|(_, id)| format!("`{id}`")).collect();
        shown.join(", ")
    };
    let (was, is) = (names(old, known), names(new, picture));
    if was != is {
        return vec![change(if picture.frames.len() > 1 { "shots" } else { "shot" }, Some(was), Some(is))];
    }
    let mut changes: Vec<Change> = Vec::new();
    for change in differences(&known.made_of, &picture.made_of, before, after) {
        // Several shots of a preview can change in the same way.
        if !changes.contains(&change) {
            changes.push(change);
        }
    }
    changes
}

/// Returns the shots that a picture shows, each with its number, counted from 1.
fn shots(output: &BuiltOutput, picture: &BuiltPicture) -> Vec<(usize, String)> {
    let at = |frame: &u32| output.shot_at(*frame).map(|(index, shot)| (index + 1, shot.id.clone()));
    let mut shown: Vec<(usize, String)> = picture.frames.iter().filter_map(at).collect();
    shown.dedup();
    shown
}
