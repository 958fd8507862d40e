//! `cargo +nightly fuzz run beats`: no text makes the reader of a list of beats panic or hang; what it
//! reads is in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_spec::read_beats;

fuzz_target!(|text: &str| {
    if let Ok(beats) = read_beats(text) {
        assert!(beats.is_sorted_by(|one, next| one.time < next.time));
    }
});
