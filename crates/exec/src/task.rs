use mmm_base::Key;
use mmm_facts::Tools;

use super::Action;

/// An action with the key of its answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Task {
    pub action: Action,
    pub key: Key,
}

impl Task {
    /// Creates the task of performing an action with these tools.
    pub fn new(action: Action, tools: &Tools) -> Self {
        let key = action.key(tools);
        Self { action, key }
    }
}
