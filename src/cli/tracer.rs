use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

use serde_json::{Value, json};

use super::late_failure::fail_late;
use mmm_base::Key;
use mmm_base::diagnostics::unwritable;
use mmm_engine::Progress;
use mmm_exec::{Observer, State, Task};

/// Records which action ran when, on which worker, and how long it waited. Uses Chrome's Trace Event Format,
/// which Perfetto reads as well. Times are in microseconds from the start of the build.
pub(super) struct Tracer {
    path: PathBuf,
    start: Instant,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    events: Vec<Value>,
    /// For each worker's row, whether an action runs on it now.
    busy: Vec<bool>,
    /// When each action began to wait; when it began to run, and on which row.
    waiting: BTreeMap<Key, u64>,
    running: BTreeMap<Key, (u64, usize)>,
    step: Option<(&'static str, u64)>,
}

const PROCESS: u32 = 1;
/// The row of the build's own steps; the workers' rows are below it.
const STEPS: usize = 0;

impl Tracer {
    /// Creates a trace that is written to `path` at the end. An earlier trace stays until then.
    ///
    /// # Errors
    /// If `path` can't be written.
    pub(super) fn new(path: &Path) -> std::io::Result<Self> {
        File::options().write(true).create(true).truncate(false).open(path)?;
        Ok(Self { path: path.to_owned(), start: Instant::now(), log: Mutex::default() })
    }

    /// Returns the microseconds since the start. Taken while the log is held, so that an action that gets the row
    /// of another begins after it.
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

impl Log {
    /// Returns a row for an action that begins. Rows show concurrency only, so any free one is suitable.
    fn take_row(&mut self) -> usize {
        let free = self.busy.iter().position(|busy| !busy);
        let index = free.unwrap_or_else(|| {
            self.busy.push(true);
            self.busy.len() - 1
        });
        self.busy[index] = true;
        index + 1
    }

    fn slice(&mut self, name: &str, row: usize, from: u64, to: u64, about: Value) {
        self.events.push(json!({
            "name": name, "cat": "action", "ph": "X", "pid": PROCESS, "tid": row,
            "ts": from, "dur": to - from.min(to), "args": about,
        }));
    }

    fn end_step(&mut self, now: u64) {
        if let Some((name, from)) = self.step.take() {
            self.slice(name, STEPS, from, now, json!({}));
        }
    }
}

impl Progress for Tracer {
    fn step(&self, name: &'static str) {
        let mut log = self.log();
        let now = self.now();
        log.end_step(now);
        log.step = Some((name, now));
    }
}

impl Observer for Tracer {
    fn planned(&self, tasks: &[Task]) {
        let mut log = self.log();
        let now = self.now();
        log.waiting.extend(tasks.iter().map(|task| (task.key, now)));
    }

    fn started(&self, task: &Task) {
        let (kind, key) = (task.action.declaration().name, task.key);
        let mut log = self.log();
        let now = self.now();
        let row = log.take_row();
        log.running.insert(key, (now, row));
        let Some(from) = log.waiting.remove(&key) else { return };
        let (name, id) = (format!("{} waits", kind), key.0.short());
        for (phase, time) in [("b", from), ("e", now)] {
            log.events.push(json!({
                "name": name, "cat": "wait", "ph": phase, "id": id, "pid": PROCESS, "tid": STEPS, "ts": time,
            }));
        }
    }

    fn finished(&self, task: &Task, state: State, _seconds: f64) {
        let (kind, key) = (task.action.declaration().name, task.key);
        let mut log = self.log();
        let now = self.now();
        let state = match state {
            State::Ran => "run",
            State::Cached => "cached",
            State::Failed => "failed",
        };
        let about = json!({"key": key.to_string(), "state": state, "made of": task.action});
        match log.running.remove(&key) {
            Some((from, row)) => {
                log.busy[row - 1] = false;
                log.slice(kind, row, from, now, about);
            }
            None => log.events.push(json!({
                "name": kind, "cat": "cached", "ph": "i", "s": "t",
                "pid": PROCESS, "tid": STEPS, "ts": now, "args": about,
            })),
        }
    }
}

impl Drop for Tracer {
    /// Writes the trace, even if the build failed.
    fn drop(&mut self) {
        let mut log = self.log();
        let now = self.now();
        log.end_step(now);
        let mut events = vec![name("process_name", STEPS, "mmm"), name("thread_name", STEPS, "build")];
        for worker in 1..=log.busy.len() {
            events.push(name("thread_name", worker, &format!("worker {worker}")));
        }
        events.append(&mut log.events);
        let trace = json!({"traceEvents": events, "displayTimeUnit": "ms"});
        if let Err(error) = fs::write(&self.path, trace.to_string()) {
            // Nobody can read the part that was written. A device is no part.
            if self.path.is_file() {
                fs::remove_file(&self.path).ok();
            }
            fail_late(unwritable(&self.path, &error));
        }
    }
}

/// Returns an event that names the process or a row.
fn name(kind: &str, row: usize, text: &str) -> Value {
    json!({"name": kind, "ph": "M", "pid": PROCESS, "tid": row, "args": {"name": text}})
}
