//! What a build would do, and about how long it would take, without doing it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pictures::made;
use super::{Progress, Stop, Workspace, queries};
use mmm_base::diagnostics::Diagnostic;
use mmm_base::{Key, MediaPath, action_key};
use mmm_exec::{Action, Task};
use mmm_store::{Bucket, Record, Store};

/// What a build would do.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// What is certain to run, in the order of the build.
    pub actions: Vec<Expected>,
    /// Actions whose answers are in the cache.
    pub cached: usize,
    /// False where facts are missing: the plan, and what it needs, follows from them.
    pub complete: bool,
    pub diagnostics: Vec<Diagnostic>,
}

/// An action that would run.
#[derive(Clone, Debug)]
pub struct Expected {
    pub task: Task,
    /// In words; empty where nothing was built before.
    pub reason: String,
    /// Seconds on one core, by what its kind took before; none where it never ran.
    pub seconds: Option<f64>,
}

const TIMINGS: Bucket = Bucket { kind: "timings", version: 1 };

/// Seconds, and how much work they were, of each kind of action.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timings(BTreeMap<String, (f64, f64)>);

/// Work that is remembered, as [`Action::weight`] counts it; what lies longer back counts less.
const REMEMBERED: f64 = 20_000.0;

impl Timings {
    fn key() -> Key {
        action_key(TIMINGS.kind, TIMINGS.version, &())
    }

    pub fn read(store: &Store) -> Self {
        let record: Option<Record<Self>> = store.record(TIMINGS, Self::key());
        record.map(|record| record.value).unwrap_or_default()
    }

    /// Adds what actions took. A store that can't be written is complained of elsewhere.
    pub fn learn(store: &Store, took: &[(&Action, f64)]) {
        if took.is_empty() {
            return;
        }
        let mut timings = Self::read(store);
        for (action, seconds) in took {
            let known = timings.0.entry(action.class()).or_default();
            known.0 += seconds;
            known.1 += action.weight() as f64;
            if known.1 > REMEMBERED {
                *known = (known.0 / 2.0, known.1 / 2.0);
            }
        }
        let record = Record { blobs: Vec::new(), seconds: 0.0, made_of: None, value: timings };
        store.set_record(TIMINGS, Self::key(), &record).ok();
    }

    fn of(&self, action: &Action) -> Option<f64> {
        let (seconds, work) = self.0.get(&action.class()).filter(|(_, work)| *work > 0.0)?;
        Some(seconds / work * action.weight() as f64)
    }
}

impl Workspace {
    /// What [`Workspace::build`] would do for the outputs in `only`, or all of them.
    ///
    /// # Errors
    /// As [`Workspace::build`], as far as it can be known without decoding a medium.
    pub fn forecast(&mut self, only: &[MediaPath], progress: &dyn Progress) -> Result<Forecast, Stop> {
        self.refresh(progress)?;
        let diagnostics = self.check_headers(progress)?;
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Stop::Spec(diagnostics));
        }
        let timings = Timings::read(&self.store);
        let mut forecast = Forecast { complete: true, diagnostics, ..Forecast::default() };
        let mut missing = self.unmade(|db, project| queries::known(db, project).clone());
        if missing.is_empty() {
            let names: Vec<MediaPath> =
                self.movie().into_iter().flat_map(|movie| &movie.outputs).map(|o| o.name.clone()).collect();
            for (index, _) in
                names.iter().enumerate().filter(|(_, name)| only.is_empty() || only.contains(name))
            {
                missing.extend(self.unmade(|db, project| made(db, project, index).map(drop)));
            }
        } else {
            forecast.complete = false;
        }
        forecast.cached = self.actions(only).len().saturating_sub(missing.len());
        let tasks: Vec<Task> = missing.into_iter().map(|action| self.task(action)).collect();
        let mut reasons = self.reasons(&tasks);
        let expected = |task: Task| Expected {
            reason: reasons.remove(&task.key).unwrap_or_default(),
            seconds: timings.of(&task.action),
            task,
        };
        forecast.actions = tasks.into_iter().map(expected).collect();
        Ok(forecast)
    }
}
