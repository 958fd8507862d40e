use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use mmm_base::Cancel;
use mmm_facts::Sources;
use mmm_store::Store;

use super::{
    Answer, Cache, Claim, Context, ExecError, Executor, KnownAnswer, Lookup, Observer, Pool, State, Task,
};

/// Gets the answers of tasks: from the cache, or by performing them. No other code does this.
#[derive(Clone, Copy)]
pub struct Runner<'a> {
    pub cache: &'a dyn Cache,
    pub executor: &'a dyn Executor,
    pub pool: &'a Pool,
    /// The files of the tasks' inputs.
    pub sources: &'a dyn Sources,
    /// The store for their blobs.
    pub store: &'a Store,
    pub cancel: &'a Cancel,
    pub observer: &'a dyn Observer,
}

/// The most threads of one action. A decoder needs memory for each.
const MOST_THREADS: usize = 4;

/// A task and its result.
#[derive(Debug)]
pub struct Outcome {
    pub task: Task,
    pub result: Result<KnownAnswer, ExecError>,
    /// Whether the answer is from the cache.
    pub cached: bool,
}

/// Answers a task of a run, which is given too.
type Work<'a> = dyn Fn(&Task, &[Task]) -> Result<KnownAnswer, ExecError> + Sync + 'a;

impl Runner<'_> {
    /// Returns the answer of a task, if the cache has it.
    pub fn known(&self, task: &Task) -> Option<KnownAnswer> {
        match self.cache.look_up(task) {
            Lookup::Hit(known) => Some(known),
            Lookup::Miss(_) => None,
        }
    }

    /// Returns the answers of tasks that the cache has, in their order; reads them on all workers. After a
    /// cancellation, the answers that were not read yet are `None`.
    pub fn known_of(&self, tasks: &[Task]) -> Vec<Option<KnownAnswer>> {
        let mut known = vec![None; tasks.len()];
        let read = self.pool.run(tasks, &|| self.cancel.is_cancelled(), &|task| self.known(task));
        for (index, answer) in read {
            known[index] = answer.unwrap_or_default();
        }
        known
    }

    /// Answers tasks: from the cache if possible, else by performing them, the longest first, and writing
    /// their answers to the cache. Calls `begin` with the tasks that have to be performed, if there are any.
    /// Returns cached outcomes first, in the order of `tasks`, then the others, sorted by task.
    ///
    /// After a cancellation or a failed write to the store, no further task begins, and those tasks are left
    /// out. A panic in an action fails that action only. An answer is kept only if the inputs are still the
    /// digested files after the action ran.
    pub fn run(&self, tasks: Vec<Task>, begin: &mut dyn FnMut(&[Task])) -> Vec<Outcome> {
        let (mut outcomes, mut missing) = (Vec::new(), Vec::new());
        let known = self.known_of(&tasks);
        for (task, known) in tasks.into_iter().zip(known) {
            match known {
                Some(known) => {
                    self.observer.finished(&task, State::Cached, known.seconds);
                    outcomes.push(Outcome { task, result: Ok(known), cached: true });
                }
                None => missing.push(task),
            }
        }
        if missing.is_empty() || self.cancel.is_cancelled() {
            return outcomes;
        }
        begin(&missing);
        let written = |task: &Task, run: &[Task]| match self.cache.look_up(task) {
            // Another build wrote it in the meantime.
            Lookup::Hit(known) => Ok(known),
            Lookup::Miss(claim) => self.perform_and_write(claim, run),
        };
        outcomes.extend(self.all(missing, &written));
        outcomes
    }

    /// Performs tasks regardless of the cache, and writes nothing.
    pub fn repeat(&self, tasks: Vec<Task>) -> Vec<Outcome> {
        self.all(tasks, &|task, run| self.perform(task, run))
    }

    fn all(&self, mut tasks: Vec<Task>, work: &Work<'_>) -> Vec<Outcome> {
        tasks.sort_by(|a, b| b.action.weight().cmp(&a.action.weight()).then_with(|| a.cmp(b)));
        self.observer.planned(&tasks);
        // After a failed write, the next task would do its work and fail as well.
        let full = AtomicBool::new(false);
        let stop = || self.cancel.is_cancelled() || full.load(Ordering::Relaxed);
        let observed = |task: &Task| {
            self.observer.started(task);
            let start = Instant::now();
            let result = work(task, &tasks);
            if let Err(ExecError::Store(_)) = result {
                full.store(true, Ordering::Relaxed);
            }
            let state = if result.is_ok() { State::Ran } else { State::Failed };
            self.observer.finished(task, state, start.elapsed().as_secs_f64());
            result
        };
        let results = self.pool.run(&tasks, &stop, &observed);
        let mut outcomes: Vec<Outcome> = results
            .into_iter()
            .map(|(index, result)| {
                let task = tasks[index].clone();
                let result = result.unwrap_or_else(|text| {
                    self.observer.finished(&task, State::Failed, 0.0);
                    Err(ExecError::Panicked(text))
                });
                Outcome { task, result, cached: false }
            })
            .collect();
        outcomes.sort_by(|a, b| a.task.cmp(&b.task));
        outcomes
    }

    fn perform_and_write(&self, claim: Claim<'_>, run: &[Task]) -> Result<KnownAnswer, ExecError> {
        let known = self.perform(claim.task(), run)?;
        Ok(claim.write(known)?)
    }

    fn perform(&self, task: &Task, run: &[Task]) -> Result<KnownAnswer, ExecError> {
        let start = Instant::now();
        let progress = |done| self.observer.progressed(task, done);
        let Self { sources, store, cancel, .. } = *self;
        let threads = (self.pool.jobs() / run.len().max(1)).clamp(1, MOST_THREADS);
        let context = Context { sources, store, cancel, run, threads, progress: &progress };
        let answer = self.executor.perform(&task.action, context);
        // The answer is valid only if the files that were read are those that were digested. If they changed,
        // that also explains any failure.
        let inputs = task.action.inputs();
        if let Some(changed) = inputs.into_iter().find(|source| self.sources.path(*source).is_none()) {
            return Err(ExecError::SourceChanged(changed));
        }
        let answer: Answer = answer?;
        Ok(KnownAnswer { answer, seconds: start.elapsed().as_secs_f64() })
    }
}
