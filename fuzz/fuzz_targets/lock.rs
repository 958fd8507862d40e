//! `cargo +nightly fuzz run lock`: no text makes the reader of movie.lock panic or hang, and what it
//! reads it writes so that it reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_plan::lock::Lock;

fuzz_target!(|text: &str| {
    if let Ok(lock) = Lock::read("movie.lock", text) {
        let written = lock.write();
        assert!(Lock::read("movie.lock", &written).is_ok_and(|again| again == lock));
    }
});
