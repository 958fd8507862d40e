//! `cargo +nightly fuzz run lock`: no text makes the parsers of movie.lock panic or hang, and a parsed lock
//! that is written in the newest format parses to the same lock.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_plan::lock::{Lock, changes, reasons_in};

fuzz_target!(|text: &str| {
    let reasons = reasons_in(text);
    if let Ok(lock) = Lock::read("movie.lock", text) {
        let written = lock.write_with_reasons(&reasons);
        let again = Lock::read("movie.lock", &written).expect("what was written can be read");
        assert_eq!(again, Lock { version: Lock::VERSION, ..lock.clone() });
        assert!(changes(&lock, &again).is_empty());
    }
});
