//! The lock beside the spec: read before a plan is made, written after the movie.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use salsa::Setter;

use super::need::Need;
use super::small_file::{MAX_LOCK, read_small};
use super::{Progress, Stop, Workspace, queries};
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_exec::Action;
use mmm_facts::EditPlan;
use mmm_plan::lock::{Lock, LockedOutput, ShotChange, diff, wishes};

/// How a build stands to the lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LockUse {
    /// Keeps to it and writes what is new.
    #[default]
    Keep,
    /// Keeps to it and ends before it would have to change.
    Locked,
    /// Plans afresh, whatever stands in it.
    Afresh,
}

/// What became of the lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockReport {
    pub path: PathBuf,
    /// Its text changed.
    pub written: bool,
    /// For each output that was there before: its name, how many shots it has, and which changed.
    pub outputs: Vec<(MediaPath, usize, Vec<ShotChange>)>,
}

/// The lock of the spec at `spec`.
pub(super) fn lock_path(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}

impl Workspace {
    /// Says how the lock is to be used from now on.
    pub fn use_lock(&mut self, lock_use: LockUse) {
        self.lock_use = lock_use;
    }

    /// Says that the medium of a shot is not wanted there: output and shot are counted from 0.
    pub fn unwant(&mut self, output: usize, shot: usize) {
        self.project.set_unwanted(&mut self.db).to(Some((output, shot)));
    }

    /// How many shots of an output (counted from 0) stand in the lock.
    pub fn locked_shots(&self, output: usize) -> usize {
        let name = self.movie().and_then(|movie| movie.outputs.get(output)).map(|output| &output.name);
        let outputs = self.locked.iter().flat_map(|lock| &lock.outputs);
        outputs.filter(|output| Some(&output.name) == name).map(|output| output.shots.len()).sum()
    }

    /// Reads the lock as it is now; what is wrong with it is told by `check`.
    pub(super) fn read_lock(&mut self) {
        let path = lock_path(self.spec_path());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.lock_trouble = None;
        self.lock_text = None;
        let lock = match read_small(&path, MAX_LOCK) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let lock = Lock::read(&name, &text);
                self.lock_text = Some(text);
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

    /// The lock of the movie as it is planned now; call it after [`Workspace::check`].
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

    /// Ends the build where the lock would have to change and must not.
    pub(super) fn guard_lock(&self) -> Result<(), Stop> {
        let Some(lock) = self.new_lock() else { return Ok(()) };
        if self.lock_use != LockUse::Locked || self.lock_text.as_ref() == Some(&lock.write()) {
            return Ok(());
        }
        let path = lock_path(self.spec_path());
        if let Some(diagnostic) = self.other_font(&path) {
            return Err(Stop::Locked(vec![diagnostic]));
        }
        let message = match &self.locked {
            None => format!("there is no {}, and it must not be written", path.display()),
            Some(old) => format!("{} would have to change: {}", path.display(), difference(old, &lock)),
        };
        let help = "build without `--locked`, look at what changed in the lock, and commit it";
        Err(Stop::Locked(vec![Diagnostic::error(Code::LOCK_CHANGES, message).help(help)]))
    }

    /// Writes the lock if it is another than before.
    pub(super) fn write_lock(&mut self) -> Result<LockReport, Stop> {
        let path = lock_path(self.spec_path());
        let lock = self.new_lock().unwrap_or_default();
        let old = self.locked.as_ref().map(|old| old.renamed(&lock.media)).unwrap_or_default();
        let before = |name: &MediaPath| old.outputs.iter().find(|output| output.name == *name);
        let changed = |output: &LockedOutput| {
            before(&output.name).map(|old| (output.name.clone(), output.shots.len(), diff(old, output)))
        };
        let outputs = lock.outputs.iter().filter_map(changed).collect();
        let text = lock.write();
        let written = !lock.outputs.is_empty() && self.lock_text.as_ref() != Some(&text);
        if written {
            put(&path, &text).map_err(|error| {
                let message = format!("`{}` can't be written: {}", path.display(), io_words(&error));
                Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_UNWRITABLE, message)])
            })?;
            self.lock_text = Some(text);
            self.locked = Some(lock);
        }
        Ok(LockReport { path, written, outputs })
    }

    /// Plans, and writes the lock without making the movie.
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

/// The versions of what the facts mean, by the kind of action.
fn analyses() -> BTreeMap<String, u32> {
    Action::analyses().into_iter().map(|kind| (kind.name.to_owned(), kind.version)).collect()
}

/// The first things that differ, in words.
fn difference(old: &Lock, new: &Lock) -> String {
    let mut words = Vec::new();
    for (path, digest) in &new.media {
        match old.media.get(path) {
            None => words.push(format!("`{path}` is new")),
            Some(before) if before != digest => words.push(format!("`{path}` changed")),
            Some(_) => {}
        }
    }
    words.extend(
        old.media.keys().filter(|path| !new.media.contains_key(path)).map(|path| format!("`{path}` is gone")),
    );
    let fonts = new.fonts.iter().filter(|(name, digest)| old.fonts.get(*name) != Some(digest));
    words.extend(fonts.map(|(name, _)| format!("the font `{name}` is new")));
    let unused = old.fonts.keys().filter(|name| !new.fonts.contains_key(*name));
    words.extend(unused.map(|name| format!("the font `{name}` is needed no more")));
    for output in &new.outputs {
        match old.outputs.iter().find(|before| before.name == output.name) {
            None => words.push(format!("`{}` is new", output.name)),
            Some(before) => {
                let shots = diff(before, output).len();
                if shots > 0 {
                    words.push(format!("{shots} of {} shots of `{}`", output.shots.len(), output.name));
                } else if before.wishes != output.wishes {
                    words.push(format!("what `{}` asks for", output.name));
                } else if before.rate != output.rate {
                    words.push(format!("the frames a second of `{}`", output.name));
                }
            }
        }
    }
    const FEW: usize = 4;
    let more = words.len().saturating_sub(FEW);
    words.truncate(FEW);
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    if words.is_empty() { "the reasons of its shots".to_owned() } else { words.join(", ") }
}

/// Writes a file whole or not at all.
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
