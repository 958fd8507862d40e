//! What a build would do, and about how long it would take, without doing it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::demand::stored;
use super::need::Need;
use super::pictures::{made, pictures as pictures_of};
use super::{Progress, Stop, Workspace, queries};
use mmm_base::diagnostics::Diagnostic;
use mmm_base::{Key, MediaPath, action_key};
use mmm_exec::Action;
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
    pub action: Action,
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
    pub fn learn(store: &Store, took: &[(Action, f64)]) {
        let mut timings = Self::read(store);
        for (action, seconds) in took {
            let known = timings.0.entry(kind(action)).or_default();
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
        let (seconds, work) = self.0.get(&kind(action)).filter(|(_, work)| *work > 0.0)?;
        Some(seconds / work * action.weight() as f64)
    }
}

/// Actions that take about equally long for equal work.
fn kind(action: &Action) -> String {
    let name = action.bucket().kind;
    match action {
        Action::Segment(recipe) => format!("{name} {}x{}", recipe.canvas.width, recipe.canvas.height),
        _ => name.to_owned(),
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
        forecast.cached = self.steps_of(only).saturating_sub(missing.len());
        let missing: Vec<Action> = missing.into_iter().collect();
        let mut reasons = self.reasons(&missing);
        let expected = |action: Action| Expected {
            reason: reasons.remove(&action.key()).unwrap_or_default(),
            seconds: timings.of(&action),
            action,
        };
        forecast.actions = missing.into_iter().map(expected).collect();
        Ok(forecast)
    }

    /// How many actions the outputs need, as far as it is known.
    fn steps_of(&self, only: &[MediaPath]) -> usize {
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        let made =
            outputs.iter().enumerate().filter(|(_, output)| only.is_empty() || only.contains(&output.name));
        let pieces = made.map(|(index, _)| match queries::timeline(&self.db, self.project, index) {
            Need::Ready(Some(timeline)) => timeline.pieces.len() + usize::from(timeline.sound.is_some()),
            _ => 0,
        });
        let pictures =
            outputs.iter().enumerate().filter(|(_, output)| only.is_empty() || only.contains(&output.name));
        let pictures = pictures.map(|(index, _)| pictures_of(&self.db, self.project, index).len());
        // Each file is probed and looked at.
        2 * self.contents().len() + pieces.sum::<usize>() + pictures.sum::<usize>()
    }

    /// Fills the slots of what is stored until only what would have to run is missing.
    pub(super) fn unmade(
        &mut self,
        ask: impl Fn(&super::db::MovieDb, super::db::Project) -> Need<()>,
    ) -> BTreeSet<Action> {
        loop {
            let Need::Missing(actions) = ask(&self.db, self.project) else { return BTreeSet::new() };
            let mut found = false;
            for action in &actions {
                if let Some((answer, _)) = stored(&self.store, action) {
                    self.set(action, answer);
                    found = true;
                }
            }
            if !found {
                return actions;
            }
        }
    }
}
