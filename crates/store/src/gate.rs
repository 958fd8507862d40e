use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;

/// How long a collection waits for exclusive access. Others hold the lock for less than a millisecond at a
/// time.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 5 });

/// Separates collections from everything that uses entries, with a file lock that processes share. Code that
/// looks an entry up and marks it as used is inside the gate, so that a collection never sees a half-finished
/// use.
#[derive(Debug)]
pub(super) struct Gate {
    path: PathBuf,
    file: File,
    /// How many threads of this process are inside. The first one takes the lock, the last one releases it.
    inside: Mutex<usize>,
}

/// Shared access through the gate; ends when it is dropped.
pub(super) struct Inside<'a>(&'a Gate);

/// Exclusive access; nobody else is inside until it is dropped.
pub(super) struct Alone {
    _locked: File,
}

impl Gate {
    /// Creates a gate that locks `file`, which is at `path`.
    pub(super) fn new(path: PathBuf, file: File) -> Self {
        Self { path, file, inside: Mutex::new(0) }
    }

    /// Enters the gate, after waiting for a running collection.
    pub(super) fn enter(&self) -> Result<Inside<'_>, StoreError> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if *inside == 0 {
            self.file.lock_shared().map_err(|error| StoreError::at(&self.path, error))?;
        }
        *inside += 1;
        Ok(Inside(self))
    }

    /// Waits until nobody is inside, and keeps everybody else out.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if that takes longer than the limit of a few seconds.
    pub(super) fn alone(&self) -> Result<Alone, StoreError> {
        let start = Instant::now();
        // A lock belongs to one opening of the file, so this separate opening also waits for the threads of
        // this process.
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

/// Opens the lock file of a gate.
pub(super) fn open(path: &Path) -> Result<File, StoreError> {
    File::options().append(true).open(path).map_err(|error| StoreError::at(path, error))
}
