use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use crate::chart::{COLUMNS, draw, png};
use crate::cli::args::Analyze;
use crate::cli::session::Session;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
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
        write_new(out, svg.as_bytes()).map_err(|error| refused(out, &error))?;
        written.push(out.as_path());
    }
    if let Some(out) = &analyze.png {
        let pixels = png(&svg, WIDTH).map_err(io::Error::other);
        pixels.and_then(|pixels| write_new(out, &pixels)).map_err(|error| refused(out, &error))?;
        written.push(out.as_path());
    }
    Ok(written)
}

/// Writes a new file; fails if it already exists.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}

pub(super) fn refused(path: &Path, error: &io::Error) -> Diagnostic {
    if error.kind() == io::ErrorKind::AlreadyExists {
        let message = format!("`{}` already exists", path.display());
        return Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help("name another file, or remove it");
    }
    let message = format!("`{}` can't be written: {}", path.display(), io_words(error));
    Diagnostic::error(Code::OUTPUT_UNWRITABLE, message).help("name a file in a folder that you can write to")
}
