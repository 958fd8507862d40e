//! What a movie needs from the cache, and whether running the actions again gives the same answers.

use super::need::Need;
use super::pictures::made;
use super::{Progress, Stop, Workspace, queries};
use std::collections::BTreeMap;

use mmm_exec::{Answer, Outcome, Task};
use mmm_store::Stamps;

/// The result of performing cached actions again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// The number of actions that were performed again.
    pub done: usize,
    /// The actions whose answers differ, or that failed.
    pub differ: Vec<Task>,
}

impl Workspace {
    /// Releases everything in the cache except what the movie needs as it is planned now. An open workspace
    /// holds what it uses, so that no collection removes it.
    pub fn renew(&mut self) {
        self.recall_all();
        self.store.renew(|| {
            for action in self.actions(&[]) {
                self.known(&action);
            }
            for index in 0..self.outputs() {
                if let Need::Ready(Some(linked)) = queries::linked(&self.db, self.project, index) {
                    self.linked_before(linked);
                }
            }
            let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
            for name in outputs.iter().filter_map(|output| output.subtitles.as_ref()) {
                self.written_before(name);
            }
            self.journal();
            Stamps::load(&self.store, &self.folder);
        });
    }

    /// Brings the cache below `limit` bytes. Keeps what this movie and other running builds use.
    pub fn tidy(&mut self, limit: u64) {
        if self.store.stats().bytes > limit {
            self.renew();
            // If another program holds the lock of the cache, the next build tidies.
            self.store.collect(limit).ok();
        }
    }

    /// Fills the slots of everything that is in the cache, without running anything.
    fn recall_all(&mut self) {
        self.recall();
        for index in 0..self.outputs() {
            self.unmade(|db, project| made(db, project, index).map(drop));
        }
    }

    /// Performs up to `sample` of the movie's cached actions again, spread evenly over those that are
    /// repeatable, and compares the answers.
    ///
    /// # Errors
    /// As [`Workspace::build`].
    pub fn verify(&mut self, sample: usize, progress: &dyn Progress) -> Result<Verified, Stop> {
        self.refresh(progress)?;
        self.recall_all();
        let mut known: BTreeMap<Task, Answer> = BTreeMap::new();
        for action in self.actions(&[]).into_iter().filter(|action| action.declaration().repeatable) {
            if let Some(found) = self.known(&action) {
                known.insert(self.task(action), found.answer);
            }
        }
        let mut tasks: Vec<Task> = known.keys().cloned().collect();
        tasks.sort_by_key(|task| task.key);
        let step = tasks.len().div_ceil(sample.max(1)).max(1);
        let tasks = tasks.into_iter().step_by(step).collect();
        progress.step("verifying");
        let outcomes = self.with_runner(progress, |runner| runner.repeat(tasks));
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let differs = |outcome: &&Outcome| {
            outcome.result.as_ref().ok().map(|found| &found.answer) != known.get(&outcome.task)
        };
        let differ = outcomes.iter().filter(differs).map(|outcome| outcome.task.clone()).collect();
        Ok(Verified { done: outcomes.len(), differ })
    }
}
