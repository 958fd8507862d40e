use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The lock that the running build is about to write or has written, which is no news to it.
///
/// A build and the watch over its files share it. It is set before the lock is written: a watch that sees the new
/// lock while the build still runs must not take it for a change and start again.
#[derive(Clone, Default)]
pub(super) struct OwnLock(Arc<Mutex<Option<Vec<u8>>>>);

impl OwnLock {
    /// Sets what the build is about to write.
    pub fn set(&self, text: &str) {
        *self.locked() = Some(text.as_bytes().to_vec());
    }

    /// Returns what the build wrote, and forgets it.
    pub fn take(&self) -> Option<Vec<u8>> {
        self.locked().take()
    }

    /// Whether `lock` is what the build writes.
    pub fn is(&self, lock: Option<&[u8]>) -> bool {
        self.locked().as_deref().is_some_and(|own| Some(own) == lock)
    }

    fn locked(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
