use std::collections::BTreeSet;

use mmm_exec::Action;

/// An answer, or all the actions that have to run before there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Need<T> {
    Ready(T),
    Missing(BTreeSet<Action>),
}

impl<T> Need<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Need<U> {
        match self {
            Self::Ready(value) => Need::Ready(change(value)),
            Self::Missing(actions) => Need::Missing(actions),
        }
    }
}

/// Combines many needs into one: all their values, or all their missing actions.
#[derive(Default)]
pub(super) struct Gather(BTreeSet<Action>);

impl Gather {
    /// Returns the value of a need, or remembers its missing actions.
    pub(super) fn take<'a, T>(&mut self, need: &'a Need<T>) -> Option<&'a T> {
        match need {
            Need::Ready(value) => Some(value),
            Need::Missing(actions) => {
                self.0.extend(actions.iter().cloned());
                None
            }
        }
    }

    /// Returns `value` if no action was missing.
    pub(super) fn finish<T>(self, value: T) -> Need<T> {
        if self.0.is_empty() { Need::Ready(value) } else { Need::Missing(self.0) }
    }
}
