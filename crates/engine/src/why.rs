//! Explains why a part of the movie was rendered again: from the fields that changed back to what caused
//! them.

use std::collections::BTreeMap;

use super::complain::files_by_content;
use super::db::Db;
use super::journal::{Built, BuiltOutput, Journal};
use super::need::Need;
use super::recipe_changes::differences;
use super::what_changed::{change, in_words, output_of, upgrades, what_changed};
use super::why_answer::{Made, Why};
use super::why_picture::reason_of_picture;
use super::{Workspace, queries};
use mmm_base::{Digest, Key, MediaPath, Time};
use mmm_exec::{Action, Task};

impl Workspace {
    /// Whether a build of an output in the current profile is recorded.
    pub fn has_built(&self, output: &MediaPath) -> bool {
        self.journal().builds.last().is_some_and(|last| output_of(last, output).is_some())
    }

    /// Explains why the last build's segment at `time` of an output is as it is; `None` if nothing was built
    /// or the movie is shorter.
    pub fn why(&self, output: &MediaPath, time: Time) -> Option<Why> {
        let Journal { builds } = self.journal();
        let last = builds.last()?;
        let now = output_of(last, output)?;
        let frame = u32::try_from(now.rate.nearest_frame(time)).ok()?;
        let segment = now.segment_at(frame)?;
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

    /// Returns a sentence for each action that says why it has to run.
    pub(super) fn reasons(&self, tasks: &[Task]) -> BTreeMap<Key, String> {
        let journal = self.journal();
        let files = files_by_content(&self.db, self.project);
        let Some(last) = journal.builds.last() else {
            let is_new =
                |task: &Task| Some((task.key, format!("`{}` is new", file_of(&task.action, &files)?)));
            return tasks.iter().filter_map(is_new).collect();
        };
        let now = Built { media: self.contents(), tools: self.db.tools().clone(), ..last.clone() };
        // While facts are missing, no plan is computed: see `check`.
        let has_segments = tasks.iter().any(|task| matches!(task.action, Action::Segment(_)));
        let shots = if has_segments { self.shots_of_segments() } else { BTreeMap::new() };
        let has_pictures =
            tasks.iter().any(|task| matches!(task.action, Action::Poster(_) | Action::Preview(_)));
        let beside = if has_pictures { self.beside() } else { BTreeMap::new() };
        let reason = |Task { action, key }: &Task| match action {
            Action::Segment(_) => match shots.get(key) {
                Some((output, id)) => reason_of_segment(action, output, id, last, &now),
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
            _ => match source_of(action, &files) {
                Some((source, path)) => reason_of_file(action, source, path, last, &now),
                None => String::new(),
            },
        };
        tasks.iter().map(|task| (task.key, reason(task))).collect()
    }

    /// Returns the output and the shot of every segment of the current timelines.
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

/// Returns the file whose facts an action computes; `None` for an action that renders.
pub(super) fn file_of<'a>(action: &Action, files: &'a BTreeMap<Digest, MediaPath>) -> Option<&'a MediaPath> {
    match action {
        Action::Segment(_) | Action::Sound(_) | Action::Still(_) | Action::Poster(_) | Action::Preview(_) => {
            None
        }
        _ => source_of(action, files).map(|(_, path)| path),
    }
}

/// Returns the file of the movie that an action reads. It may read models of the user's own as well.
fn source_of<'a>(action: &Action, files: &'a BTreeMap<Digest, MediaPath>) -> Option<(Digest, &'a MediaPath)> {
    action.inputs().into_iter().find_map(|source| Some((source, files.get(&source)?)))
}

fn reason_of_file(action: &Action, source: Digest, path: &MediaPath, last: &Built, now: &Built) -> String {
    match last.media.get(path) {
        Some(before) if *before == source => match upgrades(action, last, now).as_slice() {
            [] => format!("`{path}`: its facts are not in the cache"),
            upgrades => format!("`{path}`: {}", in_words(upgrades)),
        },
        Some(_) => format!("`{path}` changed"),
        None if last.media.values().any(|known| *known == source) => format!("`{path}` was renamed"),
        None => format!("`{path}` is new"),
    }
}

fn reason_of_segment(action: &Action, output: &MediaPath, id: &str, last: &Built, now: &Built) -> String {
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
