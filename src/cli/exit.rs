use std::process::ExitCode;

use mmm_engine::Stop;

/// The exit status of the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// Success, also if there was nothing to do.
    Done = 0,
    /// Something could not be built.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The spec is wrong, or a medium it requires is missing or unreadable.
    Spec = 3,
    /// The movie exists, but one of its figures fails.
    Gate = 4,
    /// `--locked` was given and the lock would change.
    Locked = 5,
    /// Interrupted; finished work is in the cache.
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
            Stop::Failed(_) | Stop::Partly(..) | Stop::Store(_) => Self::Failed,
        }
    }
}
