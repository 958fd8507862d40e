//! The list of all actions that a movie needs. What to keep, to forecast, to draw as a graph and to verify
//! all derives from it.

use mmm_base::MediaPath;
use mmm_exec::Action;

use super::db::{Db, Project};
use super::examine::fact_actions;
use super::fact_actions::Eye;
use super::fitting::{picture_actions, prompt_actions};
use super::live_photos::live_actions;
use super::need::Need;
use super::pictures::pictures;
use super::{Workspace, queries};

/// Returns the actions of one output (counted from 0), each with what it produces; none before there is a
/// plan, and of a plan whose photos are not framed yet only those that find their subjects.
pub(super) fn output_actions(db: &dyn Db, project: Project, output: usize) -> Vec<(Action, String)> {
    let masks = queries::mask_actions(db, project, output).into_iter();
    let masks = masks.map(|(path, action)| (action, format!("the subject of {path}")));
    let Need::Ready(Some(timeline)) = queries::timeline(db, project, output) else { return masks.collect() };
    let segments = timeline.segments.iter().map(|segment| {
        let (first, last) = (segment.start, segment.start + segment.recipe.frames);
        (Action::Segment(Box::new(segment.recipe.clone())), format!("frames {first} to {last}"))
    });
    let sound =
        timeline.sound.iter().map(|sound| (Action::Sound(Box::new(sound.clone())), "sound".to_owned()));
    let beside = pictures(db, project, output).into_iter();
    let rounds = queries::other_rounds(db, project, output);
    let tried = rounds.iter().flat_map(|timeline| {
        let segments = timeline.segments.iter();
        let segments = segments.map(|segment| Action::Segment(Box::new(segment.recipe.clone())));
        segments.chain(timeline.sound.iter().map(|sound| Action::Sound(Box::new(sound.clone()))))
    });
    let tried = tried.map(|action| (action, "tried for `max-size`".to_owned()));
    let beside = beside.map(|picture| (picture.action, picture.name.to_string()));
    let mut all: Vec<(Action, String)> = segments.chain(sound).chain(beside).chain(masks).collect();
    for (action, label) in tried {
        // A round may share its sound with the movie.
        if all.iter().all(|(known, _)| *known != action) {
            all.push((action, label));
        }
    }
    all
}

impl Workspace {
    /// Returns the actions that produce the facts of a file of the spec, its headers first; none if it can't
    /// be read.
    pub(super) fn medium_actions(&self, path: &MediaPath) -> Vec<Action> {
        let file = self.db.media(path);
        let super::db::FileState::Read(source) = *file.state(&self.db) else { return Vec::new() };
        let mut actions = vec![Action::Probe(source)];
        if let Need::Ready(Ok(probe)) = queries::probe(&self.db, file) {
            let wanted = queries::wanted_tracks(&self.db, self.project).get(path).copied();
            let eyes = queries::eyes(&self.db, self.project, path);
            if eyes.contains(&Eye::Look) {
                actions.extend(live_actions(&self.db, self.project, file));
            }
            let is_compared = (0..self.outputs()).any(|index| !self.prompt_actions(index).is_empty());
            let is_compared = is_compared && eyes.contains(&Eye::Look);
            for eye in eyes {
                let facts = fact_actions(&self.db, source, probe, wanted, eye);
                actions
                    .extend(facts.into_iter().filter(|action| !actions.contains(action)).collect::<Vec<_>>());
            }
            if is_compared && let Need::Ready(Ok(seen)) = queries::examined(&self.db, file, wanted, Eye::Look)
            {
                actions.extend(picture_actions(source, probe, &seen.facts, self.db.model_set()));
            }
        }
        actions
    }

    /// Returns the actions that read the texts of an output's prompt.
    fn prompt_actions(&self, output: usize) -> Vec<Action> {
        prompt_actions(&self.db, self.project, output).into_values().collect()
    }

    /// Returns every action of the outputs in `only`, or of all, as far as facts and plans are known.
    pub(super) fn actions(&self, only: &[MediaPath]) -> Vec<Action> {
        let mut actions: Vec<Action> =
            self.contents().keys().flat_map(|path| self.medium_actions(path)).collect();
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        for (index, output) in outputs.iter().enumerate() {
            if only.is_empty() || only.contains(&output.name) {
                actions.extend(self.prompt_actions(index));
                let made = output_actions(&self.db, self.project, index);
                actions.extend(made.into_iter().map(|(action, _)| action));
            }
        }
        actions.sort_unstable();
        actions.dedup();
        actions
    }
}
