//! `cargo +nightly fuzz run lock`: no text makes the readers of movie.lock panic or hang, and what is
//! read is written, in the newest format, so that it reads the same again.
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
