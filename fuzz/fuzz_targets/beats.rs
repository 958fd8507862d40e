//! `cargo +nightly fuzz run beats`: no text makes the parser of beat lists panic or hang, and the beats that
//! it returns are in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_spec::read_beats;

fuzz_target!(|text: &str| {
    if let Ok(beats) = read_beats(text) {
        assert!(beats.is_sorted_by(|one, next| one.time < next.time));
    }
});
