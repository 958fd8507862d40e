//! The lock beside the spec: read before planning, written after the build.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use salsa::Setter;

use super::lock_use::{LockUse, lock_path};
use super::need::Need;
use super::small_file::{MAX_LOCK, read_small};
use super::{Progress, Stop, Workspace, queries};
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic, io_words, unwritable};
use mmm_exec::Action;
use mmm_facts::EditPlan;
use mmm_plan::lock::{Lock, LockedOutput, ShotChange, changes, diff, wishes};
use mmm_plan::words;

/// What happened to the lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockReport {
    pub path: PathBuf,
    /// Whether it was written.
    pub written: bool,
    /// For each output that was in the lock before: its name, its number of shots, and the shots that
    /// changed.
    pub outputs: Vec<(MediaPath, usize, Vec<ShotChange>)>,
}

impl Workspace {
    /// Sets how builds use the lock from now on.
    pub fn use_lock(&mut self, lock_use: LockUse) {
        self.lock_use = lock_use;
    }

    /// Asks for another medium in a shot; `output` and `shot` are counted from 0.
    pub fn unwant(&mut self, output: usize, shot: usize) {
        self.project.set_unwanted(&mut self.db).to(Some((output, shot)));
    }

    /// Returns the number of shots of an output (counted from 0) in the lock.
    pub fn locked_shots(&self, output: usize) -> usize {
        let name = self.movie().and_then(|movie| movie.outputs.get(output)).map(|output| &output.name);
        let outputs = self.locked.iter().flat_map(|lock| &lock.outputs);
        outputs.filter(|output| Some(&output.name) == name).map(|output| output.shots.len()).sum()
    }

    /// Reads the current lock; `check` reports what is wrong with it.
    pub(super) fn read_lock(&mut self) {
        let path = lock_path(&self.spec_place());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.lock_trouble = None;
        let lock = match read_small(&path, MAX_LOCK) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let lock = Lock::read(&name, &text);
                lock.map_err(|trouble| self.lock_trouble = Some(trouble)).ok()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("{name} can't be read: {}", io_words(&error));
                self.lock_trouble = Some(Diagnostic::error(Code::LOCK_BAD, message));
                None
            }
        };
        self.locked = lock.clone();
        let used = if self.lock_use == LockUse::Afresh { None } else { lock };
        if self.lock_use == LockUse::Afresh {
            self.lock_trouble = None;
        }
        if *self.project.lock(&self.db) != used {
            self.project.set_lock(&mut self.db).to(used);
        }
    }

    /// Returns the lock of the movie as it is planned now. Call it after [`Workspace::check`].
    pub fn lock(&self) -> Lock {
        self.new_lock().unwrap_or_default()
    }

    fn new_lock(&self) -> Option<Lock> {
        let movie = self.movie()?;
        let plan = |index: usize| match queries::edit_plan(&self.db, self.project, index) {
            Need::Ready(Some(Ok(plan))) => Some(plan),
            _ => None,
        };
        let locked = |plan: &EditPlan, index: usize| {
            let output = &movie.outputs[index];
            let rate = *queries::rate(&self.db, self.project, index);
            LockedOutput::of(output.name.clone(), wishes(&output.settings), rate, plan)
        };
        let outputs = (0..movie.outputs.len()).filter_map(|index| Some(locked(plan(index)?, index)));
        let version = Lock::VERSION;
        let fonts = self.project.typefaces(&self.db).names.clone();
        let (analyses, media) = (analyses(), self.contents());
        Some(Lock { version, analyses, media, fonts, outputs: outputs.collect() })
    }

    /// Returns why each shot of the current plan is in the movie: by output, in order.
    pub fn shot_reasons(&self) -> BTreeMap<MediaPath, Vec<String>> {
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        let reasons = outputs.iter().enumerate().filter_map(|(index, output)| {
            let Need::Ready(Some(Ok(plan))) = queries::edit_plan(&self.db, self.project, index) else {
                return None;
            };
            let reasons = plan.shots.iter().map(|shot| words::shot(&shot.reason)).collect();
            Some((output.name.clone(), reasons))
        });
        reasons.collect()
    }

    /// Stops a `--locked` build if the lock would have to change its meaning.
    pub(super) fn guard_lock(&self) -> Result<(), Stop> {
        let Some(lock) = self.new_lock() else { return Ok(()) };
        let is_current = self.locked.as_ref().is_some_and(|old| old.means_the_same(&lock));
        if self.lock_use != LockUse::Locked || is_current {
            return Ok(());
        }
        let path = lock_path(self.spec_path());
        if let Some(diagnostic) = self.other_font(&path) {
            return Err(Stop::Locked(vec![diagnostic]));
        }
        let message = match &self.locked {
            None => format!("there is no {}, and `--locked` must not write it", path.display()),
            Some(old) => {
                let changes = words::lock_changes(&changes(old, &lock));
                format!("{} would have to change: {changes}", path.display())
            }
        };
        let help = "build without `--locked`, look at what changed in the lock, and commit it";
        Err(Stop::Locked(vec![Diagnostic::error(Code::LOCK_CHANGES, message).help(help)]))
    }

    /// Writes the lock if its meaning changed or it is in an older format.
    pub(super) fn write_lock(&mut self) -> Result<LockReport, Stop> {
        let path = lock_path(self.spec_path());
        let lock = self.new_lock().unwrap_or_default();
        let old = self.locked.as_ref().map(|old| old.renamed(&lock.media)).unwrap_or_default();
        let before = |name: &MediaPath| old.outputs.iter().find(|output| output.name == *name);
        let changed = |output: &LockedOutput| {
            before(&output.name).map(|old| (output.name.clone(), output.shots.len(), diff(old, output)))
        };
        let outputs = lock.outputs.iter().filter_map(changed).collect();
        let is_current =
            self.locked.as_ref().is_some_and(|old| old.version == Lock::VERSION && old.means_the_same(&lock));
        let written = !lock.outputs.is_empty() && !is_current && self.lock_use != LockUse::Locked;
        if written {
            let text = lock.write_with_reasons(&self.shot_reasons());
            self.own_lock.set(&text);
            put(&lock_path(&self.spec_place()), &text).map_err(|error| {
                self.own_lock.take();
                Stop::Failed(vec![unwritable(&path, &error)])
            })?;
            self.locked = Some(lock);
        }
        Ok(LockReport { path, written, outputs })
    }

    /// Plans and writes the lock, without building the movie.
    ///
    /// # Errors
    /// As [`Workspace::build`].
    pub fn update(&mut self, progress: &dyn Progress) -> Result<(LockReport, Vec<Diagnostic>), Stop> {
        self.refresh(progress)?;
        let found = self.check(progress)?;
        if found.iter().any(Diagnostic::is_error) {
            return Err(Stop::Spec(found));
        }
        Ok((self.write_lock()?, found))
    }
}

/// Returns the versions of the analyses, by the kind of action.
fn analyses() -> BTreeMap<String, u32> {
    Action::analyses().into_iter().map(|kind| (kind.name.to_owned(), kind.version)).collect()
}

/// Writes a file completely or not at all.
fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".movie.lock.").tempfile_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_data()?;
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    draft.as_file().set_permissions(permissions)?;
    draft.persist(path)?;
    Ok(())
}
