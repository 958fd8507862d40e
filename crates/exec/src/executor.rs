use mmm_base::Cancel;
use mmm_facts::{Sources, Tools};
use mmm_store::Store;

use super::{Action, Answer, ExecError};

/// What an action needs beside its declaration.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where its inputs are.
    pub sources: &'a dyn Sources,
    /// Where its blobs go.
    pub store: &'a Store,
    pub cancel: &'a Cancel,
    /// Is called with how many of the action's frames are rendered.
    pub progress: &'a dyn Fn(u32),
}

/// Performs actions.
pub trait Executor: Send + Sync {
    /// Which libraries shape its answers, and their versions.
    fn tools(&self) -> &Tools;

    /// Performs one action.
    ///
    /// # Errors
    /// For what may be gone the next time: cancellation, a vanished source, a full disk. What the
    /// source's own bytes are to blame for is an answer.
    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError>;
}
