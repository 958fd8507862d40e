use std::process::ExitCode;

use mmm_engine::Stop;

/// How the process ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// Done; nothing to do counts as done.
    Done = 0,
    /// Something could not be made.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The spec is wrong, or a medium it requires is missing or unreadable.
    Spec = 3,
    /// The movie is there, and a figure of it does not hold.
    Gate = 4,
    /// `--locked`, and the lock would change.
    Locked = 5,
    /// Interrupted; what was finished is in the cache.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Stop> for Exit {
    fn from(stop: &Stop) -> Self {
        match stop {
            Stop::Interrupted => Self::Interrupted,
            Stop::NoSpec { .. } | Stop::Spec(_) => Self::Spec,
            Stop::Locked(_) => Self::Locked,
            Stop::Failed(_) | Stop::Store(_) => Self::Failed,
        }
    }
}
