//! The differences between two recipes, in the words that editors use.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Change;
use super::journal::Built;
use super::what_changed::change;
use mmm_base::Digest;
use mmm_exec::Action;

/// A field that is named with its old and new value: the end of its path, its name, and the value that recipes
/// leave out.
const VALUES: [(&str, &str, Option<&str>); 13] = [
    (".canvas.profile", "profile", None),
    (".canvas.codec", "codec", Some("h264")),
    (".canvas.encoder", "encoder", Some("software")),
    (".canvas.width", "width", None),
    (".canvas.height", "height", None),
    (".canvas.quality", "quality", Some("good")),
    (".canvas.coarser", "steps coarser for `max-size`", Some("0")),
    (".treatment.speed", "speed", Some("1.0")),
    (".treatment.look", "look", Some("natural")),
    (".frames", "frames", None),
    (".ground", "the colour of the dip", Some("#000000")),
    (".format", "format", None),
    (".at", "frame", None),
];

/// A field whose values say nothing to people: a part of its path, and its name. The first match counts.
const CHANGED: [(&str, &str); 18] = [
    (".texts", "text"),
    (".motion.", "move"),
    (".photo", "move"),
    (".framing", "framing"),
    (".may_fill", "framing"),
    (".treatment.steady", "steadiness"),
    (".steadied", "steadiness"),
    (".treatment.lift", "brightness"),
    (".cube", "the colour table"),
    (".canvas.rate", "the frame rate"),
    (".fade", "the fade"),
    (".blend[0]", "the transition"),
    (".blend", "the transition"),
    (".every", "the frame rate of the preview"),
    (".view", "the picture"),
    (".canvas", "the encoding of the picture"),
    (".segments", "the shots"),
    (".sound", "the sound"),
];

/// A recipe's values by their paths, and the build that it belongs to.
struct Recipe<'a> {
    leaves: BTreeMap<String, Value>,
    build: &'a Built,
}

/// Returns the fields in which two actions differ, by the names that people use.
pub(super) fn differences(old: &Action, new: &Action, before: &Built, after: &Built) -> Vec<Change> {
    let old = Recipe { leaves: leaves(old), build: before };
    let new = Recipe { leaves: leaves(new), build: after };
    let paths: BTreeSet<&String> = old.leaves.keys().chain(new.leaves.keys()).collect();
    let mut changes: Vec<Change> = Vec::new();
    for path in paths.into_iter().filter(|path| old.leaves.get(*path) != new.leaves.get(*path)) {
        let found = match path.find(".cues[") {
            Some(at) => cue_change(path, at, &old, &new),
            None => field_change(path, &old, &new),
        };
        // Several fields can have one name.
        if !changes.contains(&found) {
            changes.push(found);
        }
    }
    changes
}

fn field_change(path: &str, old: &Recipe, new: &Recipe) -> Change {
    let changed = |name: &str| change(name, None, Some("changed".to_owned()));
    if path.ends_with(".source") && !path.contains(".texts") {
        return source_change(path, old, new);
    }
    if path.starts_with(".sound.")
        && let Some(found) = sound_change(path, old, new)
    {
        return found;
    }
    if path.ends_with(".picture.clip") {
        let seconds = |recipe: &Recipe| recipe.number(path).map(|number| format!("{number} s"));
        return change("in", seconds(old), seconds(new));
    }
    if let Some((_, name)) = CHANGED.iter().find(|(part, _)| path.contains(part)).filter(|(part, _)| !is_wide(part))
    {
        return changed(name);
    }
    if let Some((_, name, usual)) = VALUES.iter().find(|(end, ..)| path.ends_with(end)) {
        let value = |recipe: &Recipe| recipe.text(path).or_else(|| usual.map(str::to_owned));
        return change(name, value(old), value(new));
    }
    let wide = CHANGED.iter().find(|(part, _)| path.contains(part));
    changed(wide.map_or("another setting", |(_, name)| name))
}
