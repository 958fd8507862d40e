use std::sync::Once;

use ffmpeg_next::log;

use super::instructions::limit_instructions;

/// Silences libav's logging to standard error, since errors are returned as values, and limits libav to the
/// instructions that x86-64 processors share. Every user of libav must call this before any other libav
/// function.
pub fn quiet_libav() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_level(log::Level::Quiet);
        limit_instructions();
        // Only initialises the table of libav's error texts.
        let _ = ffmpeg_next::init();
    });
}
