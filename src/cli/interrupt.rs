use mmm_base::Cancel;

/// A flag that Ctrl-C and a polite kill set. The second time ends the process at once: what is
/// finished is in the cache, and half-written files have names that nobody reads.
pub(super) fn on_interrupt() -> Cancel {
    let cancel = Cancel::default();
    let flag = cancel.clone();
    let handler = move || {
        if flag.is_cancelled() {
            std::process::exit(130);
        }
        flag.cancel();
    };
    // Where no handler can be set, Ctrl-C ends the process as it always does.
    ctrlc::set_handler(handler).ok();
    cancel
}
