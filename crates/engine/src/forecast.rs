//! Predicts what a build would do and about how long it would take, without running it.

use super::complain::files_by_content;
use super::pictures::made;
use super::timings::Timings;
use super::why::file_of;
use super::{Progress, Stop, Workspace, queries};
use mmm_base::MediaPath;
use mmm_base::diagnostics::Diagnostic;
use mmm_exec::{Action, Task};

/// What a build would do.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// The actions that are certain to run, in the order of the build.
    pub actions: Vec<Expected>,
    /// The number of actions whose answers are in the cache.
    pub cached: usize,
    /// False if facts, masks or comparisons with the prompt are missing: the plan and the actions that it needs depend on them.
    pub complete: bool,
    pub diagnostics: Vec<Diagnostic>,
}

/// An action that would run.
#[derive(Clone, Debug)]
pub struct Expected {
    pub task: Task,
    /// The file whose facts it computes; `None` for an action that renders.
    pub file: Option<MediaPath>,
    /// Why it would run; empty for an action that renders if nothing was built before.
    pub reason: String,
    /// Seconds on one core, estimated from earlier actions of its kind; `None` if none ran yet.
    pub seconds: Option<f64>,
}

/// Whether other actions depend on the answer of an action: how well a picture fits the prompt, and where the subject
/// of a photo is.
fn decides_plan(action: &Action) -> bool {
    matches!(action, Action::PhotoMask(_) | Action::PictureEmbedding(_) | Action::TextEmbedding(_))
}

impl Workspace {
    /// Returns what [`Workspace::build`] would do for the outputs in `only`, or all if `only` is empty.
    ///
    /// # Errors
    /// As [`Workspace::build`], for what can be known without decoding a medium.
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
        forecast.complete &= !missing.iter().any(decides_plan);
        forecast.cached = self.actions(only).len().saturating_sub(missing.len());
        let tasks: Vec<Task> = missing.into_iter().map(|action| self.task(action)).collect();
        let mut reasons = self.reasons(&tasks);
        let files = files_by_content(&self.db, self.project);
        let expected = |task: Task| Expected {
            file: file_of(&task.action, &files).cloned(),
            reason: reasons.remove(&task.key).unwrap_or_default(),
            seconds: timings.of(&task.action),
            task,
        };
        forecast.actions = tasks.into_iter().map(expected).collect();
        Ok(forecast)
    }
}
