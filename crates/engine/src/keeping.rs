//! What of the cache a movie needs, and whether it is what it would be if it were made again.

use super::demand::stored;
use super::need::Need;
use super::pictures::{made, pictures};
use super::{Progress, Stop, Workspace, queries};
use mmm_exec::{Action, Answer, Context, Outcome};
use mmm_store::Needed;

/// What making things again came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// How many actions were done again.
    pub done: usize,
    /// Those that came out otherwise, or could not be done.
    pub differ: Vec<Action>,
}

impl Workspace {
    /// All that the movie as it is planned now needs of the cache, as far as it is there.
    pub fn needed(&mut self) -> Needed {
        let mut needed = Needed::default();
        for action in self.actions() {
            let Some((answer, _)) = stored(&self.store, &action) else { continue };
            needed.records.insert((action.bucket(), action.key()));
            needed.blobs.extend(answer.blobs());
        }
        let outputs = self.movie().map_or(0, |movie| movie.outputs.len());
        for index in 0..outputs {
            if let Need::Ready(Some(linked)) = queries::linked(&self.db, self.project, index) {
                needed.records.insert(super::deliver::movie_record(linked));
            }
        }
        needed.records.insert(self.journal_record());
        needed
    }

    /// Every action of the movie, as far as facts and plans are known without running anything.
    fn actions(&mut self) -> Vec<Action> {
        self.unmade(|db, project| queries::known(db, project).clone());
        let mut actions = Vec::new();
        for (path, source) in self.contents() {
            actions.push(Action::Probe { source });
            let file = super::db::Db::media(&self.db, &path);
            if let Need::Ready(Ok(probe)) = queries::probe(&self.db, file) {
                actions.push(Action::facts(source, probe.kind, super::db::Db::nets(&self.db)));
            }
        }
        let outputs = self.movie().map_or(0, |movie| movie.outputs.len());
        for index in 0..outputs {
            self.unmade(|db, project| made(db, project, index).map(drop));
            actions.extend(pictures(&self.db, self.project, index).into_iter().map(|picture| picture.action));
            if let Need::Ready(Some(timeline)) = queries::timeline(&self.db, self.project, index) {
                let pieces =
                    timeline.pieces.iter().map(|piece| Action::Segment(Box::new(piece.recipe.clone())));
                actions.extend(pieces);
                actions.extend(timeline.sound.iter().map(|sound| Action::Sound(Box::new(sound.clone()))));
            }
        }
        actions
    }

    /// Does up to `sample` of the movie's actions again, spread evenly over all that are in the
    /// cache, and compares what comes out.
    ///
    /// # Errors
    /// As [`Workspace::build`].
    pub fn verify(&mut self, sample: usize, progress: &dyn Progress) -> Result<Verified, Stop> {
        self.refresh(progress)?;
        let mut known: Vec<(Action, Answer)> = Vec::new();
        for action in self.actions() {
            known.extend(stored(&self.store, &action).map(|(answer, _)| (action, answer)));
        }
        known.sort_by_key(|(action, _)| action.key());
        let step = known.len().div_ceil(sample.max(1)).max(1);
        let known: Vec<(Action, Answer)> = known.into_iter().step_by(step).collect();
        progress.step("verifying");
        let (store, places, cancel) = (&self.store, &self.places, &self.cancel);
        let worker = &*self.means.worker;
        let actions = known.iter().map(|(action, _)| action.clone()).collect();
        let outcomes: Vec<Outcome> = self.pool.run(actions, cancel, progress, &|action| {
            worker.perform(
                action,
                Context {
                    sources: places,
                    store,
                    cancel,
                    progress: &|done| progress.progressed(action, done),
                },
            )
        });
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let answers = known.into_iter().collect::<std::collections::BTreeMap<_, _>>();
        let differs = |(action, outcome): &&Outcome| outcome.as_ref().ok() != answers.get(action);
        let differ = outcomes.iter().filter(differs).map(|(action, _)| action.clone()).collect();
        Ok(Verified { done: outcomes.len(), differ })
    }
}
