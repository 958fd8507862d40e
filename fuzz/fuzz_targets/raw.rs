//! `cargo +nightly fuzz run raw`: no bytes make the readers of photos panic or hang; what they accept has pixels.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use mmm_media::{decode_photo, probe};

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for the file");
    if probe(file.path()).is_ok()
        && let Ok(picture) = decode_photo(file.path(), (64, 64))
    {
        assert_eq!(picture.pixels.len(), picture.width as usize * picture.height as usize * 3);
    }
});
