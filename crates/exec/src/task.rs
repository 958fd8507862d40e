use mmm_base::Key;
use mmm_facts::Tools;

use super::Action;

/// An action with the name of its answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Task {
    pub action: Action,
    pub key: Key,
}

impl Task {
    /// The action as these tools perform it.
    pub fn new(action: Action, tools: &Tools) -> Self {
        let key = action.key(tools);
        Self { action, key }
    }
}
