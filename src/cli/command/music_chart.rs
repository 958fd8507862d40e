use std::io;
use std::path::Path;

use crate::chart::{COLUMNS, draw, png};
use crate::cli::args::Analyze;
use crate::cli::session::Session;
use crate::cli::written_file::write_new;
use mmm_base::diagnostics::{Code, Diagnostic, unwritable};
use mmm_facts::MediaError;
use mmm_facts::MusicFacts;

/// The width of a PNG in pixels.
const WIDTH: u32 = 1600;

/// Draws a piece of music to the requested files and returns those that were written.
///
/// # Errors
/// If the music can't be read again, or if a picture can't be written or already exists.
pub(super) fn draw_music<'a>(
    analyze: &'a Analyze,
    file: &Path,
    music: &MusicFacts,
    session: &Session,
) -> Result<Vec<&'a Path>, Diagnostic> {
    let unreadable = |error: MediaError| {
        Diagnostic::error(
            Code::MUSIC_UNREADABLE,
            format!("the music `{}` can't be read: {error}", file.display()),
        )
    };
    let peaks = session
        .config
        .means
        .worker
        .waveform(file, music.form.duration, COLUMNS, &session.cancel)
        .map_err(unreadable)?;
    let title = file.file_stem().unwrap_or_default().to_string_lossy();
    let svg = draw(music, &title, &peaks);
    let mut written = Vec::new();
    if let Some(out) = &analyze.svg {
        write_new(out, svg.as_bytes())?;
        written.push(out.as_path());
    }
    if let Some(out) = &analyze.png {
        let pixels = png(&svg, WIDTH).map_err(|error| unwritable(out, &io::Error::other(error)))?;
        write_new(out, &pixels)?;
        written.push(out.as_path());
    }
    Ok(written)
}
