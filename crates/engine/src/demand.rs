//! Gets the answers of actions through the runner and puts them into their slots.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use mmm_base::Key;
use mmm_exec::{Action, Answer, Cache, ExecError, KnownAnswer, Lookup, Outcome, Runner, StoreCache, Task};
use mmm_spec::Output;
use salsa::Setter;

use super::complain::failure;
use super::db::Db;
use super::fallback::refused;
use super::need::Need;
use super::queries;
use super::timings::Timings;
use super::{Progress, Silent, Stop, Workspace};

impl Workspace {
    /// Returns an action with the key of its answer, which depends on the libraries of this machine.
    pub(super) fn task(&self, action: Action) -> Task {
        Task::new(action, self.db.tools())
    }

    /// Returns the key of an action's answer.
    pub(super) fn key(&self, action: &Action) -> Key {
        action.key(self.db.tools())
    }

    pub(super) fn cache(&self) -> StoreCache<'_> {
        StoreCache { store: &self.store, tools: self.db.tools() }
    }

    /// Returns the answer in the cache, with the seconds that it took.
    pub(super) fn known(&self, action: &Action) -> Option<KnownAnswer> {
        match self.cache().look_up(&self.task(action.clone())) {
            Lookup::Hit(known) => Some(known),
            Lookup::Miss(_) => None,
        }
    }

    /// Calls `run` with a runner over this workspace's cache, workers and files.
    pub(super) fn with_runner<T>(&self, progress: &dyn Progress, run: impl FnOnce(&Runner<'_>) -> T) -> T {
        let cache = self.cache();
        run(&Runner {
            cache: &cache,
            executor: &*self.means.worker,
            pool: &self.means.pool,
            sources: &self.places,
            store: &self.store,
            cancel: &self.cancel,
            observer: progress,
        })
    }

    /// Fills the slots of `actions`: from the cache, or by running them.
    pub(super) fn supply(&mut self, actions: BTreeSet<Action>, progress: &dyn Progress) -> Result<(), Stop> {
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let tasks = actions.into_iter().map(|action| self.task(action)).collect();
        let mut step: Option<(&'static str, usize, Instant)> = None;
        let outcomes = self.with_runner(progress, |runner| {
            runner.run(tasks, &mut |missing| {
                let name = missing.first().map_or("", |task| task.action.declaration().step);
                progress.step(name);
                progress.because(self.reasons(missing));
                step = Some((name, missing.len(), Instant::now()));
            })
        });
        if let Some((name, actions, start)) = step {
            self.tally.step(name, actions, start.elapsed().as_secs_f64());
        }
        self.take(outcomes)
    }

    /// Puts answers into their slots and reports failures.
    fn take(&mut self, outcomes: Vec<Outcome>) -> Result<(), Stop> {
        let ran = outcomes.iter().filter(|outcome| !outcome.cached);
        let took: Vec<(&Action, f64)> = ran
            .filter_map(|outcome| Some((&outcome.task.action, outcome.result.as_ref().ok()?.seconds)))
            .collect();
        Timings::learn(&self.store, &took);
        let (mut failures, mut fall_backs) = (Vec::new(), Vec::new());
        for Outcome { task, result, cached } in outcomes {
            match result {
                Ok(known) if cached && self.is_lost(&known.answer) => {
                    self.cache().forget(&task);
                    self.tally.healed += 1;
                }
                Ok(known) => {
                    *(if cached { &mut self.tally.cached } else { &mut self.tally.ran }) += 1;
                    self.set(&task.action, known.answer);
                }
                Err(ExecError::Store(error)) => return Err(Stop::Store(error)),
                Err(ExecError::Cancelled) => {}
                Err(error) => match refused(&task.action, &error) {
                    Some((canvas, why)) => fall_backs.push((canvas, why.to_owned())),
                    None => {
                        // A model that can't be read fails every action that needs it, once for all.
                        let failure = failure(&self.db, self.project, &task.action, &error);
                        if !failures.contains(&failure) {
                            failures.push(failure);
                        }
                    }
                },
            }
        }
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        if !failures.is_empty() {
            return Err(Stop::Failed(failures));
        }
        for (canvas, reason) in fall_backs {
            self.fall_back(canvas, &reason);
        }
        Ok(())
    }

    /// Whether an answer's blob is missing although its size is needed. Other missing blobs are found when
    /// they are linked.
    fn is_lost(&self, answer: &Answer) -> bool {
        let (Answer::Encoded(blob) | Answer::Lacking(blob, _) | Answer::Sound(blob, _)) = answer else {
            return false;
        };
        let is_limited = |output: &Output| output.settings.max_size.is_some();
        let needed = self.movie().is_some_and(|movie| movie.outputs.iter().any(is_limited));
        needed && self.store.blob_bytes(*blob).is_none()
    }

    /// Fills the slots of facts and masks that are in the cache and leaves the others empty.
    pub(super) fn recall(&mut self) {
        let is_known = self.unmade(|db, project| queries::known(db, project).clone()).is_empty();
        let is_fitted = self.unmade(|db, project| queries::fitted(db, project)).is_empty();
        if is_known && is_fitted {
            for index in 0..self.outputs() {
                self.unmade(|db, project| queries::edit_plan(db, project, index).clone().map(drop));
            }
        }
    }

    /// Fills slots from the cache until every missing action would have to run, and returns those actions.
    pub(super) fn unmade(
        &mut self,
        ask: impl Fn(&super::db::MovieDb, super::db::Project) -> Need<()>,
    ) -> BTreeSet<Action> {
        loop {
            let Need::Missing(actions) = ask(&self.db, self.project) else { return BTreeSet::new() };
            let mut found = false;
            let tasks: Vec<Task> = actions.iter().map(|action| self.task(action.clone())).collect();
            let known = self.with_runner(&Silent, |runner| runner.known_of(&tasks));
            for (action, known) in actions.iter().zip(known) {
                if let Some(known) = known.filter(|known| !self.is_lost(&known.answer)) {
                    self.set(action, known.answer);
                    found = true;
                }
            }
            if !found {
                return actions;
            }
        }
    }

    pub(super) fn set(&mut self, action: &Action, answer: Answer) {
        if let Answer::Encoded(blob) | Answer::Lacking(blob, _) | Answer::Sound(blob, _) = answer
            && let Some(bytes) = self.store.blob_bytes(blob)
        {
            self.db.know_bytes(blob, bytes);
        }
        self.learn_damage(&answer);
        let slot = self.db.slot(action);
        if slot.answer(&self.db).as_deref() != Some(&answer) {
            slot.set_answer(&mut self.db).to(Some(Arc::new(answer)));
        }
    }

    /// Returns the answer of an action, if it is known.
    pub(super) fn answer(&self, action: &Action) -> Option<Answer> {
        self.db.slot(action).answer(&self.db).as_deref().cloned()
    }

    /// Forgets the answer of an action whose blob is missing, so that it runs again.
    pub(super) fn forget(&mut self, action: &Action) {
        self.cache().forget(&self.task(action.clone()));
        self.db.slot(action).set_answer(&mut self.db).to(None);
    }
}
