use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Config, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Workspace;
use super::afar::Afar;
use super::fingerprint::Fingerprint;
use super::folder_identity::FolderIdentity;
use super::own_lock::OwnLock;
use mmm_base::Cancel;

/// How long to wait after the first change before checking the files, so that a writer can finish.
const PAUSE: Duration = Duration::from_millis(15);
/// Files that look the same twice, this far apart, are completely written: long enough for an editor that
/// moves the old file away and the new one in.
const SETTLED: Duration = Duration::from_millis(40);
/// How often files are checked whose changes the operating system can't report, and whether the folder is still
/// the one that is watched.
const POLL: Duration = Duration::from_secs(1);
/// How soon a wait notices a request to stop.
const TICK: Duration = Duration::from_millis(50);

/// Detects when a build would find something new, and cancels the running build at once.
///
/// A change event from the operating system only causes a check. What counts is whether the spec, the lock or
/// a medium looks different from when the last build began. So a save is one change, however many steps the
/// editor needs, and a file that is still being copied is not used yet.
///
/// The operating system watches the spec's folder, and the folders of files that links lead to. Such files, and
/// those with several names, are also checked once a second: they can change in a way that no event reports.
///
/// The operating system watches a folder, not its path. Once a second, the watcher checks whether the path still
/// leads to that folder, and watches the new one otherwise. Until that works, it checks the files once a second.
pub(super) struct Watcher {
    shared: Arc<Shared>,
    /// Why the operating system can't report changes, if the files are checked periodically instead.
    pub polling: Option<String>,
}

struct Shared {
    state: Mutex<State>,
    woken: Condvar,
    spec: PathBuf,
    folder: PathBuf,
    own_lock: OwnLock,
    cancel: Cancel,
    /// Never locked while `state` is: an event may wait for `state`.
    system: Mutex<Option<System>>,
}

/// The operating system's watch.
struct System {
    watcher: RecommendedWatcher,
    /// The spec's folder when it was last watched; `None` while it can't be watched.
    home: Option<FolderIdentity>,
    /// The folders outside of the spec's that are watched.
    folders: BTreeSet<PathBuf>,
}

#[derive(Default)]
struct State {
    /// The fingerprint when the last build began.
    seen: Fingerprint,
    latest: Fingerprint,
    /// Whether `latest` looked the same twice.
    settled: bool,
    /// Whether the operating system reported a change since the last check.
    stirred: bool,
    /// Whether the operating system reported that the spec's folder was moved or removed.
    is_moved: bool,
    /// When the change that the next build is for was first seen.
    since: Option<Instant>,
    /// How many builds have ended that wrote a lock.
    ends: u64,
    build: Cancel,
    over: bool,
    afar: Arc<Afar>,
}

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Waited {
    /// A build would find something new; when that was first seen.
    Changed(Instant),
    /// Nothing changed within the given time.
    Quiet,
    /// The watcher must stop.
    Stopped,
}

impl Workspace {
    /// Watches the files of this workspace until `cancel`. With `poll`, checks them once a second.
    pub(super) fn watch(&self, cancel: &Cancel, poll: bool) -> Watcher {
        Watcher::start(
            &self.spec_place(),
            &self.folder,
            self.store.root(),
            self.own_lock.clone(),
            cancel,
            poll,
        )
    }

    /// Sets what cancels the next build.
    pub(super) fn use_cancel(&mut self, cancel: Cancel) {
        self.cancel = cancel;
    }
}

impl Watcher {
    fn start(
        spec: &Path,
        folder: &Path,
        cache: &Path,
        own_lock: OwnLock,
        cancel: &Cancel,
        poll: bool,
    ) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            woken: Condvar::new(),
            spec: spec.to_owned(),
            folder: folder.to_owned(),
            own_lock,
            cancel: cancel.clone(),
            system: Mutex::default(),
        });
        let home = FolderIdentity::of(folder);
        let system = if poll { Err("requested".to_owned()) } else { system(&shared, cache) };
        let polling = match system {
            Ok(watcher) => {
                *shared.system() = Some(System { watcher, home, folders: BTreeSet::new() });
                None
            }
            Err(reason) => Some(reason),
        };
        let looker = Arc::clone(&shared);
        let always = polling.is_some();
        thread::spawn(move || looker.look_on(always));
        Self { shared, polling }
    }

    /// Marks the beginning of a build, and returns the handle that cancels it on a change or a request to
    /// stop.
    pub(super) fn begin(&self) -> Cancel {
        let now = self.shared.look();
        let mut state = self.shared.state();
        self.shared.own_lock.take();
        state.seen = now.clone();
        state.latest = now;
        state.settled = true;
        state.since = None;
        state.build = self.shared.cancel.below();
        state.build.clone()
    }

    /// Marks the end of a build. The lock that it wrote is what it would find again.
    pub(super) fn end(&self) {
        let mut state = self.shared.state();
        let Some(lock) = self.shared.own_lock.take() else { return };
        if state.latest.lock == state.seen.lock {
            state.latest.lock = Some(lock.clone());
        }
        state.seen.lock = Some(lock);
        state.ends += 1;
    }

    /// Waits for a change since the last [`Watcher::begin`], for at most `time`.
    pub(super) fn wait(&self, time: Option<Duration>) -> Waited {
        let start = Instant::now();
        let mut state = self.shared.state();
        loop {
            if self.shared.cancel.is_cancelled() {
                return Waited::Stopped;
            }
            if state.settled && self.shared.is_news(&state) {
                return Waited::Changed(state.since.unwrap_or_else(Instant::now));
            }
            if time.is_some_and(|time| start.elapsed() >= time) && state.settled && !state.stirred {
                return Waited::Quiet;
            }
            state = self.shared.pause(state, TICK);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.state().over = true;
        self.shared.woken.notify_all();
        drop(self.shared.system().take());
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    fn system(&self) -> MutexGuard<'_, Option<System>> {
        self.system.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    fn pause<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.woken.wait_timeout(state, time).unwrap_or_else(|poison| poison.into_inner()).0
    }

    /// Whether a build would find something new.
    fn is_news(&self, state: &State) -> bool {
        let State { seen, latest, .. } = state;
        let is_own_lock = || self.own_lock.is(latest.lock.as_deref()) && latest.is_but_for_lock(seen);
        latest != seen && !is_own_lock()
    }

    /// Returns what the files look like, and watches the folders that their links lead to from then on.
    fn look(&self) -> Fingerprint {
        loop {
            let (now, afar) = Fingerprint::of(&self.spec, &self.folder, &self.cancel);
            let afar = Arc::new(afar);
            self.state().afar = Arc::clone(&afar);
            // A file may have changed before its folder was watched.
            if !self.watch_folders(&afar) || self.cancel.is_cancelled() {
                self.woken.notify_all();
                return now;
            }
        }
    }

    /// Watches the folders of files that links lead to. Returns whether one of them is new.
    fn watch_folders(&self, afar: &Afar) -> bool {
        let mut system = self.system();
        let Some(System { watcher, folders, .. }) = system.as_mut() else { return false };
        let mut any = false;
        for folder in afar.folders() {
            // A folder that was removed and made again needs a new watch, which does no harm to an old one.
            // What can't be watched is checked by its stamp alone.
            watcher.watch(folder, RecursiveMode::NonRecursive).ok();
            any |= folders.insert(folder.to_owned());
        }
        any
    }

    /// Watches the spec's folder again if its path leads to another folder than the one that is watched. Returns
    /// whether the files must be checked: if it does, or if the folder can't be watched.
    fn watch_home(&self) -> bool {
        let is_moved = std::mem::take(&mut self.state().is_moved);
        let mut system = self.system();
        let Some(System { watcher, home, .. }) = system.as_mut() else { return false };
        let now = FolderIdentity::of(&self.folder);
        if now.is_some() && now == *home && !is_moved {
            return false;
        }
        // The old watch may have ended with its folder, which is no error.
        watcher.unwatch(&self.folder).ok();
        let watched = now.is_some() && watcher.watch(&self.folder, RecursiveMode::Recursive).is_ok();
        *home = now.filter(|_| watched);
        true
    }

    /// Checks the files after each change event; with `always`, also once a second.
    fn look_on(&self, always: bool) {
        loop {
            let mut state = self.state();
            let start = Instant::now();
            while !state.stirred && !state.over && start.elapsed() < POLL {
                state = self.pause(state, POLL);
            }
            if state.over {
                return;
            }
            let (stirred, afar) = (state.stirred, Arc::clone(&state.afar));
            drop(state);
            if !self.watch_home() && !stirred && !always && !afar.has_changed() {
                continue;
            }
            thread::sleep(PAUSE);
            let since = Instant::now();
            while !self.same_again(since) {
                thread::sleep(SETTLED);
            }
            self.woken.notify_all();
        }
    }

    /// Checks the files once and cancels the running build if they changed since it began. Returns whether
    /// the files were the same as at the previous check.
    fn same_again(&self, since: Instant) -> bool {
        let ends = {
            let mut state = self.state();
            state.stirred = false;
            state.ends
        };
        let now = self.look();
        let mut state = self.state();
        if state.ends != ends {
            // What was read may be the lock from before.
            return state.over;
        }
        state.settled = now == state.latest;
        if !state.settled {
            state.latest = now;
        }
        if self.is_news(&state) {
            state.since.get_or_insert(since);
            state.build.cancel();
        }
        state.settled || state.over
    }
}

/// Starts the operating system's watch over the spec's folder. Ignores changes inside the cache.
fn system(shared: &Arc<Shared>, cache: &Path) -> Result<RecommendedWatcher, String> {
    let cache = std::fs::canonicalize(cache).unwrap_or_else(|_| cache.to_owned());
    let weak = Arc::downgrade(shared);
    let on_event = move |event: notify::Result<notify::Event>| {
        let Some(shared) = weak.upgrade() else { return };
        let mut state = shared.state();
        let matters = |path: &PathBuf| {
            let is_near = path.starts_with(&shared.folder) && !path.starts_with(&cache);
            is_near || state.afar.concerns(path)
        };
        // An event that can't be read may be any change.
        let is_ignored = event.as_ref().is_ok_and(|event| {
            let elsewhere = !event.paths.is_empty() && !event.paths.iter().any(matters);
            matches!(event.kind, EventKind::Access(_)) || elsewhere
        });
        let is_home_moved = event.as_ref().is_ok_and(|event| {
            let is_move = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
            is_move && event.paths.contains(&shared.folder)
        });
        if !is_ignored {
            state.stirred = true;
            state.is_moved |= is_home_moved;
            shared.woken.notify_all();
        }
    };
    // Folders can link to each other in more ways than can be watched. Where links lead is watched by itself.
    let config = Config::default().with_follow_symlinks(false);
    let watcher = RecommendedWatcher::new(on_event, config);
    let mut watcher = watcher.map_err(|error| error.to_string())?;
    watcher.watch(&shared.folder, RecursiveMode::Recursive).map_err(|error| error.to_string())?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A watch over a folder with a spec, and the lock that a build of it says it writes.
    fn watched(folder: &Path) -> (Watcher, OwnLock) {
        let (own, cache) = (OwnLock::default(), folder.join("cache"));
        fs::create_dir(&cache).unwrap();
        fs::write(folder.join("movie.yaml"), "media: [a.jpg]\n").unwrap();
        let spec = folder.join("movie.yaml");
        (Watcher::start(&spec, folder, &cache, own.clone(), &Cancel::default(), false), own)
    }

    #[test]
    fn the_lock_that_a_build_writes_does_not_stop_it() {
        let folder = tempfile::tempdir().unwrap();
        let (watcher, own) = watched(&folder.path().canonicalize().unwrap());
        let build = watcher.begin();
        own.set("shots");
        fs::write(folder.path().join("movie.lock"), "shots").unwrap();
        thread::sleep(PAUSE + 6 * SETTLED);
        assert!(!build.is_cancelled(), "it is its own");
        watcher.end();
        assert_eq!(watcher.wait(Some(4 * SETTLED)), Waited::Quiet);
        assert!(!build.is_cancelled(), "pictures of the shots are still made");
        fs::write(folder.path().join("movie.lock"), "other shots").unwrap();
        assert!(matches!(watcher.wait(None), Waited::Changed(_)));
    }

    #[test]
    fn the_lock_of_somebody_else_stops_a_build() {
        let folder = tempfile::tempdir().unwrap();
        let (watcher, own) = watched(&folder.path().canonicalize().unwrap());
        let build = watcher.begin();
        own.set("shots");
        fs::write(folder.path().join("movie.lock"), "other shots").unwrap();
        assert!(matches!(watcher.wait(None), Waited::Changed(_)));
        assert!(build.is_cancelled());
    }

    #[test]
    fn a_lock_that_is_written_with_another_change_does_not_hide_it() {
        let folder = tempfile::tempdir().unwrap();
        let (watcher, own) = watched(&folder.path().canonicalize().unwrap());
        watcher.begin();
        own.set("shots");
        fs::write(folder.path().join("movie.lock"), "shots").unwrap();
        fs::write(folder.path().join("a.jpg"), "a picture").unwrap();
        assert!(matches!(watcher.wait(None), Waited::Changed(_)));
    }
}
