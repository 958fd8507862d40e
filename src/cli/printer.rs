use std::collections::BTreeMap;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::args::Common;
use super::late_failure::fail_late;
use super::tracer::Tracer;
use mmm_base::Key;
use mmm_base::diagnostics::{self, Diagnostic, is_disk_full, unwritable};
use mmm_engine::Progress;
use mmm_exec::{Observer, State, Task};

/// Prints progress and diagnostics on stderr and results on stdout, or everything as JSON Lines on stdout if
/// requested.
pub(super) struct Printer {
    pub json: bool,
    verbose: bool,
    quiet: bool,
    color: bool,
    bar: ProgressBar,
    frames: Mutex<Frames>,
    /// The reasons of actions that run.
    reasons: Mutex<BTreeMap<Key, String>>,
    tracer: Option<Tracer>,
}

/// The progress of the current step, in frames.
#[derive(Default)]
struct Frames {
    done: BTreeMap<Key, u64>,
    segments: usize,
    pieces_done: usize,
}

impl Printer {
    pub(super) fn new(common: &Common) -> Self {
        let terminal = stderr().is_terminal();
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let shown = terminal && !common.quiet && !common.json;
        let bar = if shown {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        let Common { json, verbose, quiet, .. } = *common;
        Self {
            json,
            verbose,
            quiet,
            color,
            bar,
            frames: Mutex::default(),
            reasons: Mutex::default(),
            tracer: None,
        }
    }

    /// Writes a trace of everything from now on to `path`.
    ///
    /// # Errors
    /// If `path` can't be written.
    pub(super) fn trace(&mut self, path: &Path) -> Result<(), Diagnostic> {
        self.tracer = Some(Tracer::new(path).map_err(|error| unwritable(path, &error))?);
        Ok(())
    }

    /// Prints one line of JSON, if JSON was requested.
    pub(super) fn event(&self, event: &Value) {
        if self.json {
            line(&event.to_string());
        }
    }

    /// Prints a result for people.
    pub(super) fn say(&self, text: &str) {
        if !self.json && !self.quiet {
            line(text);
        }
    }

    /// Prints diagnostics. `source` is the spec's path and text, for those that point into the spec.
    pub(super) fn diagnostics(&self, found: &[Diagnostic], source: Option<&(PathBuf, String)>) {
        self.bar.finish_and_clear();
        let name = source.map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let source = source.map(|(_, text)| (name.as_str(), text.as_str()));
        if self.json {
            found.iter().for_each(|found| line(&diagnostics::to_json(found, source).to_string()));
            return;
        }
        let shown: Vec<Diagnostic> =
            found.iter().filter(|found| found.is_error() || !self.quiet).cloned().collect();
        let shown = gathered(shown);
        if !shown.is_empty() {
            let width = usize::from(console_width());
            complain(&diagnostics::render(&shown, source, self.color, width));
        }
    }

    /// Ends the progress bar.
    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

/// The most diagnostics about the same place that are printed one by one; more become a list.
const FEW: usize = 3;

/// Combines many diagnostics about the same place. A folder of a hundred damaged files becomes one diagnostic
/// with a list, instead of a hundred drawings of the same line.
fn gathered(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<Vec<Diagnostic>> = Vec::new();
    for diagnostic in found {
        let place = |group: &&mut Vec<Diagnostic>| {
            !diagnostic.labels.is_empty()
                && group[0].severity == diagnostic.severity
                && group[0].labels == diagnostic.labels
        };
        match groups.iter_mut().find(place) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    let tell = groups.into_iter().flat_map(|mut group| {
        if group.len() <= FEW {
            return group;
        }
        let list: Vec<&str> = group.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        let help = list.join("\n");
        let message = format!("{} diagnostics point at this line of the spec", group.len());
        group.truncate(1);
        group[0] = Diagnostic { message, help: Some(help), ..group[0].clone() };
        group
    });
    tell.collect()
}

/// Prints a line on stdout. Ignores a closed pipe (`mmm … | head`); the process fails at its end if the disk that
/// stdout leads to is full.
pub(super) fn line(text: &str) {
    let mut stdout = stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if is_disk_full(&error) => fail_late(unwritable(Path::new("stdout"), &error)),
        _ => {}
    }
}

/// Prints text on stderr, if anyone can read it there.
fn complain(text: &str) {
    stderr().lock().write_all(text.as_bytes()).ok();
}

fn console_width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(90).clamp(40, 120)
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Ran => "run",
        State::Cached => "cached",
        State::Failed => "failed",
    }
}

impl Progress for Printer {
    fn step(&self, name: &'static str) {
        if let Some(tracer) = &self.tracer {
            tracer.step(name);
        }
        self.event(&json!({"event": "step", "name": name}));
        self.bar.set_length(0);
        self.bar.set_position(0);
        self.bar.set_message(name);
    }

    fn because(&self, reasons: BTreeMap<Key, String>) {
        self.reasons.lock().unwrap_or_else(|poison| poison.into_inner()).extend(reasons);
    }
}

impl Observer for Printer {
    fn planned(&self, tasks: &[Task]) {
        if let Some(tracer) = &self.tracer {
            tracer.planned(tasks);
        }
        let length = tasks.iter().map(|task| task.action.frames()).sum();
        let segments = tasks.len();
        *self.frames.lock().unwrap_or_else(|poison| poison.into_inner()) =
            Frames { segments, ..Frames::default() };
        let style = ProgressStyle::with_template("{msg:>10} {wide_bar:.cyan/dim} {prefix} {eta:>4} left");
        if let Ok(style) = style {
            self.bar.set_style(style.progress_chars("━━─"));
        }
        self.bar.reset();
        self.bar.set_length(length);
        self.bar.set_prefix(format!("0/{segments}"));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn started(&self, task: &Task) {
        if let Some(tracer) = &self.tracer {
            tracer.started(task);
        }
    }

    fn progressed(&self, task: &Task, done: u32) {
        let mut state = self.frames.lock().unwrap_or_else(|poison| poison.into_inner());
        let before = state.done.insert(task.key, u64::from(done)).unwrap_or(0);
        self.bar.inc(u64::from(done) - before.min(u64::from(done)));
    }

    fn finished(&self, task: &Task, state: State, seconds: f64) {
        if let Some(tracer) = &self.tracer {
            tracer.finished(task, state, seconds);
        }
        let (kind, key) = (task.action.declaration().name, task.key);
        let reason = self.reasons.lock().unwrap_or_else(|poison| poison.into_inner()).remove(&key);
        if self.json {
            let mut event = json!({
                "event": "action",
                "kind": kind,
                "key": key.to_string(),
                "state": state_name(state),
                "seconds": if state == State::Cached { 0.0 } else { seconds },
            });
            if let Some(reason) = reason {
                event["reason"] = json!(reason);
            }
            self.event(&event);
        } else if self.verbose {
            let took = if state == State::Cached { String::new() } else { super::format::seconds(seconds) };
            let why = reason.unwrap_or_default();
            let line = format!("{:>7} {kind:<12} {} {took:>7}  {why}", state_name(state), key.0.short());
            self.bar.suspend(|| complain(&format!("{}\n", line.trim_end())));
        }
        if state == State::Cached {
            return;
        }
        let mut frames_done = self.frames.lock().unwrap_or_else(|poison| poison.into_inner());
        let before = frames_done.done.insert(key, task.action.frames()).unwrap_or(0);
        frames_done.pieces_done += 1;
        self.bar.inc(task.action.frames().saturating_sub(before));
        self.bar.set_prefix(format!("{}/{}", frames_done.pieces_done, frames_done.segments));
    }
}
