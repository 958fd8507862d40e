use mmm_facts::Tools;
use mmm_store::{Record, Store, StoreError};

use super::{Answer, Task};

/// A cached answer and the seconds that it took.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownAnswer {
    pub answer: Answer,
    pub seconds: f64,
}

/// The result of looking a task up in a cache.
pub enum Lookup<'a> {
    Hit(KnownAnswer),
    /// There is no answer. Only the holder of the claim may write it.
    Miss(Claim<'a>),
}

/// The right to write the answer of one task.
pub struct Claim<'a> {
    task: &'a Task,
    cache: &'a dyn Cache,
}

impl<'a> Claim<'a> {
    /// Creates a claim on the answer of `task`, for a cache that has none.
    pub fn new(task: &'a Task, cache: &'a dyn Cache) -> Self {
        Self { task, cache }
    }

    /// Returns the task whose answer is missing.
    pub fn task(&self) -> &'a Task {
        self.task
    }

    /// Writes the answer and ends the claim.
    ///
    /// # Errors
    /// If the cache can't be written.
    pub fn write(self, known: KnownAnswer) -> Result<KnownAnswer, StoreError> {
        self.cache.write(self.task, &known)?;
        Ok(known)
    }
}

/// A cache of answers.
pub trait Cache: Sync {
    /// Returns the answer of a task, or the right to write it.
    fn look_up<'a>(&'a self, task: &'a Task) -> Lookup<'a>;

    /// Writes the answer of a task. Call it through [`Claim::write`].
    ///
    /// # Errors
    /// If the cache can't be written.
    fn write(&self, task: &Task, known: &KnownAnswer) -> Result<(), StoreError>;

    /// Forgets the answer of a task, for example because its blob is missing.
    fn forget(&self, task: &Task);
}

/// A cache in the store of this machine, with the tools that produce its answers.
#[derive(Clone, Copy)]
pub struct StoreCache<'a> {
    pub store: &'a Store,
    pub tools: &'a Tools,
}

impl Cache for StoreCache<'_> {
    fn look_up<'a>(&'a self, task: &'a Task) -> Lookup<'a> {
        let record: Option<Record<Answer>> = self.store.record(task.action.bucket(), task.key);
        match record {
            Some(Record { value, seconds, .. }) => Lookup::Hit(KnownAnswer { answer: value, seconds }),
            None => Lookup::Miss(Claim::new(task, self)),
        }
    }

    fn write(&self, task: &Task, known: &KnownAnswer) -> Result<(), StoreError> {
        let record = Record {
            blobs: known.answer.blobs(),
            seconds: known.seconds,
            made_of: Some(task.action.made_of(self.tools)),
            value: &known.answer,
        };
        self.store.set_record(task.action.bucket(), task.key, &record)
    }

    fn forget(&self, task: &Task) {
        self.store.drop_record(task.action.bucket(), task.key);
    }
}
