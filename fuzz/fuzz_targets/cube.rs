//! `cargo +nightly fuzz run cube`: no text makes the parser of colour tables panic or hang, and a parsed
//! table returns a colour for every colour.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_spec::CubeFile;

fuzz_target!(|text: &str| {
    if let Ok(cube) = CubeFile::parse(text) {
        for colour in [[0.0; 3], [1.0; 3], [0.3, 0.6, 0.9], [-1.0, 2.0, 0.5]] {
            cube.look_up(colour);
        }
    }
});
