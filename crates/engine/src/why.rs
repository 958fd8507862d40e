//! Why a part of the movie was made again: from what changed in it back to who changed it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::complain::path_of;
use super::db::Db;
use super::journal::{Built, BuiltOutput, Journal};
use super::need::Need;
use super::why_picture::reason_of_picture;
use super::{Workspace, queries};
use mmm_base::{Digest, Key, MediaPath, Time};
use mmm_exec::{Action, Task};
use mmm_facts::{ShotReason, Tool, Tools};
use mmm_spec::{Movie, Parsed, parse};

/// Why the segment on screen at some time is what it is, or a picture beside the movie.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Why {
    pub output: MediaPath,
    /// The poster or the preview that is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<MediaPath>,
    /// The shots after the first that a preview shows: the number of each, counted from 1, and its name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(usize, String)>,
    /// The shot on screen: its name, its number counted from 1, and why it is there.
    pub shot: Option<String>,
    pub number: usize,
    #[serde(rename = "reason_detail")]
    pub reason: Option<ShotReason>,
    /// The segment: its first frame, its length in frames, and its key. Of a picture the first frame that it shows.
    pub start: u32,
    pub frames: u32,
    pub key: String,
    pub made: Made,
    /// What of the segment is other than in the build before.
    pub changes: Vec<Change>,
    /// What was done to the movie since then.
    pub causes: Vec<Change>,
}

/// Whether the last build made a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Made {
    /// There was no build before.
    First,
    /// Again, since something changed.
    Again,
    /// The segment is that of the build before.
    Kept,
}

/// Something with its old and its new value; none where it was not there, or is there no more.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Change {
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The line of the spec, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Workspace {
    /// Why the last build's segment at `time` of an output is as it is; none where nothing was built,
    /// or the movie is shorter.
    pub fn why(&self, output: &MediaPath, time: Time) -> Option<Why> {
        let Journal { builds } = self.journal();
        let last = builds.last()?;
        let now = output_of(last, output)?;
        let frame = u32::try_from(now.rate.nearest_frame(time)).ok()?;
        let segment = now.piece_at(frame)?;
        let shot = now.shot_at(frame);
        let key = segment.made_of.key(&last.tools);
        let before = builds.len().checked_sub(2).map(|index| &builds[index]);
        let old = before.and_then(|build| output_of(build, output));
        let keeps = |(old, before): (&BuiltOutput, &Built)| {
            old.segments.iter().any(|segment| segment.made_of.key(&before.tools) == key)
        };
        let kept = old.zip(before).is_some_and(keeps);
        let made = match before {
            None => Made::First,
            Some(_) if kept => Made::Kept,
            Some(_) => Made::Again,
        };
        let (mut changes, mut causes) = (Vec::new(), Vec::new());
        if let (Made::Again, Some(before)) = (made, before) {
            let old =
                old.and_then(|old| shot.and_then(|(_, shot)| old.segment_like(&shot.id, &segment.made_of)));
            changes = match old {
                Some(old) => differences(&old.made_of, &segment.made_of, before, last),
                None => {
                    vec![change("the shot or the transition", None, Some("is new in the movie".to_owned()))]
                }
            };
            let upgrades = upgrades(&segment.made_of, before, last);
            changes.extend(upgrades.clone());
            causes = what_changed(before, last, output);
            causes.extend(upgrades);
            causes.retain(|cause| !cause.what.starts_with("poster") && !cause.what.starts_with("preview"));
        }
        Some(Why {
            output: output.clone(),
            picture: None,
            others: Vec::new(),
            shot: shot.map(|(_, shot)| shot.id.clone()),
            number: shot.map_or(0, |(index, _)| index + 1),
            reason: shot.map(|(_, shot)| shot.reason.clone()),
            start: segment.start,
            frames: segment.frames,
            key: key.to_string(),
            made,
            changes,
            causes,
        })
    }

    /// Why each of some actions has to run, in words.
    pub(super) fn reasons(&self, tasks: &[Task]) -> BTreeMap<Key, String> {
        let journal = self.journal();
        let Some(last) = journal.builds.last() else { return BTreeMap::new() };
        let now = Built { media: self.contents(), tools: self.db.tools().clone(), ..last.clone() };
        // Plans are not asked for while facts are missing: see `check`.
        let has_segments = tasks.iter().any(|task| matches!(task.action, Action::Segment(_)));
        let shots = if has_segments { self.shots_of_segments() } else { BTreeMap::new() };
        let has_pictures =
            tasks.iter().any(|task| matches!(task.action, Action::Poster(_) | Action::Preview(_)));
        let beside = if has_pictures { self.beside() } else { BTreeMap::new() };
        let reason = |Task { action, key }: &Task| match action {
            Action::Segment(_) => match shots.get(key) {
                Some((output, id)) => reason_of_piece(action, output, id, last, &now),
                None => String::new(),
            },
            Action::Sound(_) => {
                let old = last.outputs.iter().find_map(|output| output.sound.as_ref());
                match old {
                    Some(old) => {
                        let mut changes = differences(old, action, last, &now);
                        changes.extend(upgrades(action, last, &now));
                        in_words(&changes)
                    }
                    None => "there was no sound before".to_owned(),
                }
            }
            Action::Poster(_) | Action::Preview(_) => match beside.get(key) {
                Some((output, picture)) => reason_of_picture(output, picture, last, &now),
                None => String::new(),
            },
            Action::Still(_) => String::new(),
            _ => match action.inputs().first() {
                Some(source) => self.reason_of_file(action, *source, last, &now),
                None => String::new(),
            },
        };
        tasks.iter().map(|task| (task.key, reason(task))).collect()
    }

    fn reason_of_file(&self, action: &Action, source: Digest, last: &Built, now: &Built) -> String {
        let Some(path) = path_of(&self.db, self.project, source) else { return String::new() };
        match last.media.get(&path) {
            Some(before) if *before == source => match upgrades(action, last, now).as_slice() {
                [] => format!("`{path}`: its facts are not in the cache"),
                upgrades => format!("`{path}`: {}", in_words(upgrades)),
            },
            Some(_) => format!("`{path}` changed"),
            None if last.media.values().any(|known| *known == source) => format!("`{path}` was renamed"),
            None => format!("`{path}` is new"),
        }
    }

    /// The output and the shot that every segment of the present timelines belongs to.
    fn shots_of_segments(&self) -> BTreeMap<Key, (MediaPath, String)> {
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        let mut found = BTreeMap::new();
        for (index, output) in outputs.iter().enumerate() {
            let Need::Ready(Some(timeline)) = queries::timeline(&self.db, self.project, index) else {
                continue;
            };
            let built = BuiltOutput::of(output.name.clone(), timeline);
            for segment in &built.segments {
                if let Some((_, shot)) = built.shot_at(segment.start + segment.frames / 2) {
                    found.insert(self.key(&segment.made_of), (output.name.clone(), shot.id.clone()));
                }
            }
        }
        found
    }
}

pub(super) fn output_of<'a>(build: &'a Built, name: &MediaPath) -> Option<&'a BuiltOutput> {
    build.outputs.iter().find(|output| output.name == *name)
}

fn reason_of_piece(action: &Action, output: &MediaPath, id: &str, last: &Built, now: &Built) -> String {
    let before = output_of(last, output);
    let Some(old) = before.and_then(|output| output.segment_like(id, action)) else {
        let was_there = before.is_some_and(|output| output.shots.iter().any(|shot| shot.id == id));
        return if was_there {
            format!("`{id}` has another transition")
        } else {
            format!("`{id}` is a new shot")
        };
    };
    let mut changes = differences(&old.made_of, action, last, now);
    changes.extend(upgrades(action, last, now));
    if changes.is_empty() {
        return format!("`{id}`: its segment is not in the cache");
    }
    format!("`{id}`: {}", in_words(&changes))
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

/// The libraries that shape an action and have another version than before.
pub(super) fn upgrades(action: &Action, before: &Built, after: &Built) -> Vec<Change> {
    let tools = action.tools();
    let (was, is) = (before.tools.of(&tools), after.tools.of(&tools));
    // A journal of before the tools were noted says nothing of them.
    if before.tools == Tools::default() {
        return Vec::new();
    }
    let changed = |(tool, was, is): (Tool, Option<&str>, Option<&str>)| {
        change(tool.name(), was.map(str::to_owned), is.map(str::to_owned))
    };
    was.differences(&is).into_iter().map(changed).collect()
}

/// The fields of two actions that differ, as people call them.
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

/// What a field of an action is called by people who edit.
fn field_name(path: &str) -> &str {
    let known = [
        (".motion.", "move"),
        (".texts", "text"),
        (".source", "source"),
        (".picture.clip", "in"),
        (".canvas.encoder", "encoder"),
        (".canvas.width", "width"),
        (".canvas.height", "height"),
        (".framing", "framing"),
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

/// Every value in something, by its path.
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

/// What is other in the spec, the media and the tool between two builds of an output.
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

/// All that a spec says of an output and of its media.
fn wishes(parsed: &Parsed, output: &MediaPath) -> BTreeMap<String, Value> {
    let Some(Movie { media, outputs, .. }) = &parsed.movie else { return BTreeMap::new() };
    let mut found = leaves(&serde_json::json!({"media": media}));
    if let Some(output) = outputs.iter().find(|known| known.name == *output) {
        found.extend(leaves(&output.settings));
        found.extend(leaves(&serde_json::json!({"poster": output.poster, "preview": output.preview})));
    }
    found
}
