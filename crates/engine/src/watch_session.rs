use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use mmm_base::{Cancel, Digest, Key};
use mmm_exec::{Observer, State, Task};
use mmm_facts::Profile;

use super::board_changes::{BoardChanges, BoardsBefore};
use super::watcher::{Waited, Watcher};
use super::{Progress, Report, Silent, Stop, Storyboard, Workspace};

/// The final movie, if requested, is built after this long without a change.
const QUIET: Duration = Duration::from_secs(2);

/// Options for watching a spec.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WatchOptions {
    /// Check the files once a second, instead of asking the operating system for changes.
    pub poll: bool,
    /// Build the final movie as well, once nothing changes any more.
    pub finals: bool,
    /// The size of the cache, in bytes, above which it is tidied.
    pub cache_limit: u64,
}

/// Builds a spec again and again, as its files change.
///
/// Knows nothing of terminals or pages: the caller runs [`WatchSession::next`] and shows what it returns.
pub struct WatchSession {
    workspace: Workspace,
    watcher: Watcher,
    stop: Cancel,
    options: WatchOptions,
    before: BoardsBefore,
    /// When the files changed that the next build is for.
    since: Instant,
    next: Next,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Begin(Profile),
    Build(Profile),
    Wait(Ended),
}

/// How a build ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Made(Profile),
    Failed,
    Overtaken,
}

/// Something that happened in a session.
pub enum Turn {
    /// A build begins.
    Begins(Profile),
    Made(Box<MadeTurn>),
    /// The movie can't be built from the current files.
    Failed(Stop),
    /// A file changed during the build; the next build uses the new files.
    Overtaken,
    /// A file changed.
    Changed,
}

/// A build that produced a movie.
pub struct MadeTurn {
    pub profile: Profile,
    pub report: Report,
    /// The storyboard of each output, in the order of the report.
    pub boards: Vec<Storyboard>,
    /// The changes of each output since the last build of this profile.
    pub changes: Vec<BoardChanges>,
    /// Seconds since the files changed.
    pub seconds: f64,
}

impl WatchSession {
    /// Watches the files of `workspace` until `stop`. The first turn builds a draft.
    pub fn new(workspace: Workspace, stop: &Cancel, options: WatchOptions) -> Self {
        let watcher = workspace.watch(stop, options.poll);
        Self {
            workspace,
            watcher,
            stop: stop.clone(),
            options,
            before: BoardsBefore::default(),
            since: Instant::now(),
            next: Next::Begin(Profile::Draft),
        }
    }

    /// Returns the spec and its folder, to read from.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Returns why the operating system can't report changes, if the files are checked once a second instead.
    pub fn polling(&self) -> Option<&str> {
        self.watcher.polling.as_deref()
    }

    /// Waits for the next turn; `None` once the session must stop.
    pub fn next(&mut self, progress: &dyn Progress) -> Option<Turn> {
        match self.next {
            Next::Begin(profile) => {
                self.next = Next::Build(profile);
                Some(Turn::Begins(profile))
            }
            Next::Build(profile) => Some(self.build(profile, progress)),
            Next::Wait(ended) => self.wait(ended),
        }
    }

    fn wait(&mut self, ended: Ended) -> Option<Turn> {
        let draft = ended == Ended::Made(Profile::Draft);
        if draft && self.options.finals && self.watcher.wait(Some(QUIET)) == Waited::Quiet {
            self.since = Instant::now();
            self.next = Next::Build(Profile::Final);
            return Some(Turn::Begins(Profile::Final));
        }
        // An interrupted build starts again even if the files are back to what they were.
        let time = (ended == Ended::Overtaken).then_some(Duration::ZERO);
        match self.watcher.wait(time) {
            Waited::Stopped => return None,
            Waited::Changed(at) => self.since = at,
            Waited::Quiet => {}
        }
        self.next = Next::Begin(Profile::Draft);
        Some(Turn::Changed)
    }

    /// Builds the movie from the current files.
    fn build(&mut self, profile: Profile, progress: &dyn Progress) -> Turn {
        self.workspace.use_cancel(self.watcher.begin());
        self.workspace.use_profile(profile);
        let reasons = Reasons { progress, known: Mutex::default() };
        let built = self.workspace.build(&[], &reasons);
        self.watcher.end();
        let reasons = reasons.known.into_inner().unwrap_or_else(PoisonError::into_inner);
        match built {
            Ok(report) => {
                self.next = Next::Wait(Ended::Made(profile));
                Turn::Made(Box::new(self.made(report, profile, &reasons)))
            }
            Err(Stop::Interrupted) => {
                self.next = Next::Wait(Ended::Overtaken);
                Turn::Overtaken
            }
            Err(stop) => {
                self.next = Next::Wait(Ended::Failed);
                Turn::Failed(stop)
            }
        }
    }

    fn made(&mut self, report: Report, profile: Profile, reasons: &BTreeMap<Key, String>) -> MadeTurn {
        let seconds = self.since.elapsed().as_secs_f64();
        let boards: Vec<Storyboard> =
            (0..self.workspace.outputs()).filter_map(|index| self.workspace.storyboard(index)).collect();
        let names = report.outputs.iter().map(|output| output.name.clone());
        let changes =
            names.zip(&boards).map(|(name, board)| self.before.replace(profile, name, board, reasons));
        let changes = changes.collect();
        MadeTurn { profile, report, boards, changes, seconds }
    }

    /// Returns a picture of each shot of a build, output by output; `None` for a shot whose source can't be
    /// read any more. Returns `None` for all if a change came first.
    pub fn stills(&mut self, made: &MadeTurn) -> Option<Vec<Option<Digest>>> {
        let shots = made.boards.iter().flat_map(|board| &board.shots);
        let recipes: Vec<_> = shots.filter_map(|shot| shot.still.clone()).collect();
        let Ok(stills) = self.workspace.stills(&recipes, &Silent) else {
            self.next = Next::Wait(Ended::Overtaken);
            return None;
        };
        let mut stills = stills.into_iter();
        let shots = made.boards.iter().flat_map(|board| &board.shots);
        Some(shots.map(|shot| shot.still.as_ref().and_then(|_| stills.next().flatten())).collect())
    }

    /// Brings the cache below its limit if a build added to it.
    pub fn tidy(&mut self, made: &MadeTurn) {
        if made.report.ran > 0 {
            self.workspace.tidy(self.options.cache_limit);
        }
    }

    /// Whether the session must stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }
}

/// Forwards the progress of a build and keeps the reasons of its actions.
struct Reasons<'a> {
    progress: &'a dyn Progress,
    known: Mutex<BTreeMap<Key, String>>,
}

impl Progress for Reasons<'_> {
    fn step(&self, name: &'static str) {
        self.progress.step(name);
    }

    fn because(&self, reasons: BTreeMap<Key, String>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).extend(reasons.clone());
        self.progress.because(reasons);
    }
}

impl Observer for Reasons<'_> {
    fn planned(&self, tasks: &[Task]) {
        self.progress.planned(tasks);
    }

    fn started(&self, task: &Task) {
        self.progress.started(task);
    }

    fn progressed(&self, task: &Task, done: u32) {
        self.progress.progressed(task, done);
    }

    fn finished(&self, task: &Task, state: State, seconds: f64) {
        self.progress.finished(task, state, seconds);
    }
}
