use std::process::exit;
use std::thread::{sleep, spawn};
use std::time::Duration;

use mmm_base::Cancel;

/// How long an interrupted run may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// The exit status of an interrupted run.
const STOPPED: i32 = 130;

/// Returns a flag that Ctrl-C and SIGTERM set.
///
/// A second signal ends the process at once. So does a run that has not ended after [`GRACE`], because it
/// waits for a pipe or computes without checking the flag. That is safe: finished work is in the cache, and
/// half-written files have temporary names that nothing reads.
pub(super) fn on_interrupt() -> Cancel {
    let cancel = Cancel::default();
    let flag = cancel.clone();
    let handler = move || {
        if flag.is_cancelled() {
            exit(STOPPED);
        }
        flag.cancel();
        spawn(|| {
            sleep(GRACE);
            exit(STOPPED);
        });
    };
    // If no handler can be set, Ctrl-C ends the process as usual.
    ctrlc::set_handler(handler).ok();
    cancel
}
