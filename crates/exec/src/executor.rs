use mmm_base::Cancel;
use mmm_facts::{Sources, Tools};
use mmm_store::Store;

use super::{Action, Answer, ExecError, Task};

/// What an action needs besides its declaration.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The files of its inputs.
    pub sources: &'a dyn Sources,
    /// The store for its blobs.
    pub store: &'a Store,
    pub cancel: &'a Cancel,
    /// All tasks of the same run, this one too. They affect no answer; work that several of them need can be
    /// done once.
    pub run: &'a [Task],
    /// How many threads the action may use: more than one if the run has fewer tasks than there are workers. Their
    /// number affects no answer.
    pub threads: usize,
    /// Called with the number of the action's frames that are rendered so far.
    pub progress: &'a dyn Fn(u32),
}

/// Performs actions.
pub trait Executor: Send + Sync {
    /// Returns the libraries that affect its answers, with their versions.
    fn tools(&self) -> &Tools;

    /// Performs one action.
    ///
    /// # Errors
    /// Transient failures only: cancellation, a missing source, a full disk. If the source's content is
    /// damaged or unsupported, that is an answer.
    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError>;
}
