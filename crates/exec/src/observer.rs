use super::Task;

/// What became of a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ran,
    Cached,
    Failed,
}

/// Sees tasks begin and end; called from every worker.
pub trait Observer: Sync {
    /// `tasks` are to be performed now.
    fn planned(&self, _tasks: &[Task]) {}
    fn started(&self, _task: &Task) {}
    /// `done` of the task's frames are rendered.
    fn progressed(&self, _task: &Task, _done: u32) {}
    fn finished(&self, _task: &Task, _state: State, _seconds: f64) {}
}
