use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use super::{Action, Answer, ExecError};
use mmm_base::Cancel;

/// What became of an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ran,
    Cached,
    Failed,
}

/// Someone who looks on while actions run; called from every worker.
pub trait Observer: Sync {
    /// `actions` are to be run now.
    fn planned(&self, _actions: &[Action]) {}
    fn started(&self, _action: &Action) {}
    /// `done` of the action's frames are made.
    fn progressed(&self, _action: &Action, _done: u32) {}
    fn finished(&self, _action: &Action, _state: State, _seconds: f64) {}
}

/// Runs actions on a fixed number of workers.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    jobs: usize,
}

/// An action with what came of it.
pub type Outcome = (Action, Result<Answer, ExecError>);

impl Pool {
    /// A pool of `jobs` workers; at least one.
    pub fn new(jobs: usize) -> Self {
        Self { jobs: jobs.max(1) }
    }

    /// Runs `actions`, the longest first, and gives their outcomes in the order of the actions.
    ///
    /// After a cancellation no action is begun; those that were not are left out. A panic in an
    /// action is its failure and nobody else's.
    pub fn run(
        self,
        mut actions: Vec<Action>,
        cancel: &Cancel,
        observer: &dyn Observer,
        run: &(dyn Fn(&Action) -> Result<Answer, ExecError> + Sync),
    ) -> Vec<Outcome> {
        observer.planned(&actions);
        actions.sort_by(|a, b| b.weight().cmp(&a.weight()).then_with(|| a.cmp(b)));
        let next = AtomicUsize::new(0);
        let outcomes: Mutex<Vec<Outcome>> = Mutex::new(Vec::new());
        let work = || {
            while let Some(action) = actions.get(next.fetch_add(1, Ordering::Relaxed)) {
                if cancel.is_cancelled() {
                    return;
                }
                observer.started(action);
                let start = Instant::now();
                let outcome = guarded(action, run);
                let state = if outcome.is_ok() { State::Ran } else { State::Failed };
                observer.finished(action, state, start.elapsed().as_secs_f64());
                let mut outcomes = outcomes.lock().unwrap_or_else(|poison| poison.into_inner());
                outcomes.push((action.clone(), outcome));
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(actions.len()) {
                scope.spawn(work);
            }
        });
        let mut outcomes = outcomes.into_inner().unwrap_or_else(|poison| poison.into_inner());
        outcomes.sort_by(|a, b| a.0.cmp(&b.0));
        outcomes
    }
}

/// Runs an action and turns a panic into its failure.
fn guarded(
    action: &Action,
    run: &(dyn Fn(&Action) -> Result<Answer, ExecError> + Sync),
) -> Result<Answer, ExecError> {
    catch_unwind(AssertUnwindSafe(|| run(action))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(ExecError::Panicked(text.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Digest;
    use mmm_facts::MediaError;

    struct Nobody;
    impl Observer for Nobody {}

    fn actions(count: u8) -> Vec<Action> {
        (0..count).map(|n| Action::Probe { source: Digest::of(&[n]) }).collect()
    }

    #[test]
    fn outcomes_come_in_one_order_at_any_number_of_jobs() {
        let order = |jobs| {
            let run = |_: &Action| Ok(Answer::Unreadable(MediaError::NoPicture));
            let outcomes = Pool::new(jobs).run(actions(20), &Cancel::default(), &Nobody, &run);
            outcomes.into_iter().map(|(action, _)| action).collect::<Vec<_>>()
        };
        assert_eq!(order(1), order(4));
        assert_eq!(order(1).len(), 20);
    }

    #[test]
    fn nothing_is_begun_after_a_cancellation() {
        let cancel = Cancel::default();
        let run = |_: &Action| {
            cancel.cancel();
            Err(ExecError::Cancelled)
        };
        assert_eq!(Pool::new(1).run(actions(20), &cancel, &Nobody, &run).len(), 1);
    }

    #[test]
    fn a_panic_is_one_action_s_failure() {
        let bad = actions(1).remove(0);
        let run = |action: &Action| {
            assert!(*action != bad, "boom");
            Ok(Answer::Unreadable(MediaError::NoPicture))
        };
        let outcomes = Pool::new(2).run(actions(3), &Cancel::default(), &Nobody, &run);
        let failed = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).count();
        assert_eq!((outcomes.len(), failed), (3, 1));
    }
}
