use std::process::exit;
use std::thread::{sleep, spawn};
use std::time::Duration;

use mmm_base::Cancel;

/// How long a run may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// How a run ends that was stopped from outside.
const STOPPED: i32 = 130;

/// A flag that Ctrl-C and a polite kill set. The second time ends the process at once, and so does a run that has not
/// ended after [`GRACE`], because it waits for a pipe or computes without looking at the flag: what is finished is in
/// the cache, and half-written files have names that nobody reads.
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
    // Where no handler can be set, Ctrl-C ends the process as it always does.
    ctrlc::set_handler(handler).ok();
    cancel
}
