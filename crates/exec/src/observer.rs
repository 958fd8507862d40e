use super::Task;

/// How a task ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ran,
    Cached,
    Failed,
}

/// Receives the progress of tasks; called from every worker thread.
pub trait Observer: Sync {
    /// Called when `tasks` are about to be performed.
    fn planned(&self, _tasks: &[Task]) {}
    fn started(&self, _task: &Task) {}
    /// Called when `done` of the task's frames are rendered.
    fn progressed(&self, _task: &Task, _done: u32) {}
    fn finished(&self, _task: &Task, _state: State, _seconds: f64) {}
}
