use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;

/// How long a collection waits to be alone. Others are inside for less than a millisecond at a time.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 5 });

/// Keeps collections apart from all that uses entries: a lock on a file, which processes share. Whoever looks an entry
/// up and marks it as used is inside, so that a collection sees each use either done or not begun.
#[derive(Debug)]
pub(super) struct Gate {
    path: PathBuf,
    file: File,
    /// How many threads of this process are inside; the first takes the lock for all, the last lets go of it.
    inside: Mutex<usize>,
}

/// A stay inside; ends when it is dropped.
pub(super) struct Inside<'a>(&'a Gate);

/// Nobody is inside until it is dropped.
pub(super) struct Alone {
    _locked: File,
}

impl Gate {
    /// A gate that locks `file`, which is at `path`.
    pub(super) fn new(path: PathBuf, file: File) -> Self {
        Self { path, file, inside: Mutex::new(0) }
    }

    /// Goes inside, after a collection that is running now.
    pub(super) fn enter(&self) -> Result<Inside<'_>, StoreError> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if *inside == 0 {
            self.file.lock_shared().map_err(|error| StoreError::at(&self.path, error))?;
        }
        *inside += 1;
        Ok(Inside(self))
    }

    /// Waits until nobody is inside, and keeps everybody out.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where that takes seconds.
    pub(super) fn alone(&self) -> Result<Alone, StoreError> {
        let start = Instant::now();
        // A lock belongs to one opening of the file, so this one also waits for the threads of this process.
        let file = open(&self.path)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Alone { _locked: file }),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                    thread::sleep(Duration::from_millis(1));
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { path: self.path.clone() }),
                Err(TryLockError::Error(error)) => return Err(StoreError::at(&self.path, error)),
            }
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut inside = self.0.inside.lock().unwrap_or_else(PoisonError::into_inner);
        *inside -= 1;
        if *inside == 0 {
            self.0.file.unlock().ok();
        }
    }
}

/// Opens the file of a gate.
pub(super) fn open(path: &Path) -> Result<File, StoreError> {
    File::options().append(true).open(path).map_err(|error| StoreError::at(path, error))
}
