//! The differences between two builds: in an action and in what it was built from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Change;
use super::journal::{Built, BuiltOutput};
use super::leaves::leaves;
use mmm_base::MediaPath;
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
            what: name.strip_suffix(".exact").unwrap_or(name).to_owned(),
            before: was.get(path).map(text),
            after: is.get(path).map(text),
            line,
        });
    }
    let paths: BTreeSet<&MediaPath> = before.media.keys().chain(after.media.keys()).collect();
    for path in paths {
        let words = match (before.media.get(path), after.media.get(path)) {
            (was, is) if was == is => continue,
            (None, _) => "is new",
            (_, None) => "is gone",
            _ => "has other content",
        };
        causes.push(change(&format!("the file `{path}`"), None, Some(words.to_owned())));
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
