//! The differences between two builds: in an action and in what it was built from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Change;
use super::journal::{Built, BuiltOutput};
use mmm_base::{Digest, MediaPath};
use mmm_exec::Action;
use mmm_facts::{Tool, Tools};
use mmm_spec::{Movie, Parsed, parse};

pub(super) fn output_of<'a>(build: &'a Built, name: &MediaPath) -> Option<&'a BuiltOutput> {
    build.outputs.iter().find(|output| output.name == *name)
}

pub(super) fn in_words(changes: &[Change]) -> String {
    let word = |change: &Change| match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} {before} → {after}", change.what),
        (None, Some(after)) => format!("{} {after}", change.what),
        _ => format!("{} is gone", change.what),
    };
    changes.iter().map(word).collect::<Vec<_>>().join(", ")
}

pub(super) fn change(what: &str, before: Option<String>, after: Option<String>) -> Change {
    Change { what: what.to_owned(), before, after, line: None }
}

/// Returns the libraries that affect an action and whose version changed.
pub(super) fn upgrades(action: &Action, before: &Built, after: &Built) -> Vec<Change> {
    let tools = action.tools();
    let (was, is) = (before.tools.of(&tools), after.tools.of(&tools));
    // A journal from before the tools were recorded has no versions to compare.
    if before.tools == Tools::default() {
        return Vec::new();
    }
    let changed = |(tool, was, is): (Tool, Option<&str>, Option<&str>)| {
        change(tool.name(), was.map(str::to_owned), is.map(str::to_owned))
    };
    was.differences(&is).into_iter().map(changed).collect()
}

/// Returns the fields in which two actions differ, by the names that people use.
pub(super) fn differences(old: &Action, new: &Action, before: &Built, after: &Built) -> Vec<Change> {
    let (old, new) = (leaves(old), leaves(new));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes: Vec<Change> = Vec::new();
    for path in paths.into_iter().filter(|path| old.get(*path) != new.get(*path)) {
        let name = field_name(path);
        let value = |leaf: Option<&Value>, build: &Built| leaf.map(|leaf| field_value(name, leaf, build));
        if matches!(name, "move" | "text" | "framing" | "steadiness") {
            if !changes.iter().any(|change| change.what == name) {
                changes.push(change(name, None, Some("changed".to_owned())));
            }
            continue;
        }
        let (was, is) = (value(old.get(path), before), value(new.get(path), after));
        changes.push(if name == "source" && was == is {
            change(&was.unwrap_or_default(), None, Some("has other content".to_owned()))
        } else {
            change(name, was, is)
        });
    }
    changes
}

/// Returns the name that editors use for a field of an action.
fn field_name(path: &str) -> &str {
    let known = [
        (".motion.", "move"),
        (".texts", "text"),
        (".source", "source"),
        (".picture.clip", "in"),
        (".canvas.encoder", "encoder"),
        (".canvas.width", "width"),
        (".canvas.height", "height"),
        (".canvas.quality", "quality"),
        (".canvas.coarser", "steps coarser for `max-size`"),
        (".bit_rate", "kbit/s of the sound"),
        (".framing", "framing"),
        (".may_fill", "framing"),
        (".treatment.speed", "speed"),
        (".treatment.steady", "steadiness"),
        (".steadied", "steadiness"),
        (".treatment.look", "look"),
        (".treatment.lift", "brightness"),
        (".photo.length", "move"),
        (".photo.first", "move"),
        (".frames", "frames"),
        (".ground", "the colour of the dip"),
        (".format", "format"),
        (".at", "frame"),
    ];
    let found = known.iter().find(|(part, _)| path.contains(part));
    found.map_or_else(|| path.split_once('.').map_or(path, |(_, rest)| rest), |(_, name)| name)
}

fn field_value(name: &str, leaf: &Value, build: &Built) -> String {
    let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
    match name {
        "in" => format!("{text} s"),
        "source" => {
            let digest = text.parse::<Digest>().ok();
            let path = build.media.iter().find(|(_, known)| Some(**known) == digest);
            path.map_or(text, |(path, _)| format!("`{path}`"))
        }
        _ => text,
    }
}

/// Returns every value of a serialized object, by its path.
fn leaves(value: &impl Serialize) -> BTreeMap<String, Value> {
    fn walk(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| walk(&format!("{path}.{key}"), value, found))
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, value)| walk(&format!("{path}[{index}]"), value, found));
            }
            Value::Null => {}
            leaf => drop(found.insert(path.to_owned(), leaf.clone())),
        }
    }
    let mut found = BTreeMap::new();
    if let Ok(value) = serde_json::to_value(value) {
        walk("", &value, &mut found);
    }
    found
}

/// Returns the changes to the spec, the media and `mmm` between two builds of an output.
pub(super) fn what_changed(before: &Built, after: &Built, output: &MediaPath) -> Vec<Change> {
    let mut causes = Vec::new();
    if before.version != after.version {
        causes.push(change("mmm", Some(before.version.clone()), Some(after.version.clone())));
    }
    let (old, new) = (parse(before.spec.as_bytes()), parse(after.spec.as_bytes()));
    let (was, is) = (wishes(&old, output), wishes(&new, output));
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for path in paths.into_iter().filter(|path| was.get(*path) != is.get(*path)) {
        let name = path.trim_start_matches('.');
        let text = |leaf: &Value| leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
        let span = new.spans.for_output(output.as_str(), name);
        let line =
            span.and_then(|span| after.spec.get(..span.start)).map(|text| text.matches('\n').count() + 1);
        causes.push(Change {
            what: name.to_owned(),
            before: was.get(path).map(text),
            after: is.get(path).map(text),
            line,
        });
    }
    let paths: BTreeSet<&MediaPath> = before.media.keys().chain(after.media.keys()).collect();
    for path in paths {
        let short = |digest: Option<&Digest>| digest.map(Digest::short);
        let (was, is) = (before.media.get(path), after.media.get(path));
        if was != is {
            causes.push(change(&format!("the file `{path}`"), short(was), short(is)));
        }
    }
    causes
}

/// Returns all settings of the spec for an output and its media.
fn wishes(parsed: &Parsed, output: &MediaPath) -> BTreeMap<String, Value> {
    let Some(Movie { media, outputs, .. }) = &parsed.movie else { return BTreeMap::new() };
    let mut found = leaves(&serde_json::json!({"media": media}));
    if let Some(output) = outputs.iter().find(|known| known.name == *output) {
        found.extend(leaves(&output.settings));
        found.extend(leaves(&serde_json::json!({"poster": output.poster, "preview": output.preview})));
    }
    found
}
