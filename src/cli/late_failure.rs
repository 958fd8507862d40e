//! A failure that appears after a command has said its last word: its results or its trace don't fit on a disk.

use std::sync::{Mutex, MutexGuard};

use mmm_base::diagnostics::Diagnostic;

/// The first one of this process.
static FAILURE: Mutex<Option<Diagnostic>> = Mutex::new(None);

fn failure() -> MutexGuard<'static, Option<Diagnostic>> {
    FAILURE.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// Remembers a failure, which makes the process fail at its end.
pub(super) fn fail_late(diagnostic: Diagnostic) {
    failure().get_or_insert(diagnostic);
}

/// Returns the first failure that was remembered.
pub(super) fn late_failure() -> Option<Diagnostic> {
    failure().take()
}
