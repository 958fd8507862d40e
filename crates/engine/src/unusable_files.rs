//! Reports files that can't be used, each with its reason and what to do about it.

use std::path::Path;

use super::on_disk::OnDisk;
use super::queries::Unusable;
use super::scan::{DANGLING, UNFINISHED};
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::{MediaError, MediaKind, Probe};

/// Why a file can't be used that isn't there.
pub(super) const MISSING: &str = "it does not exist";

/// Reports a medium that can't be used: an error if it is required, else a warning.
pub(super) fn useless(path: &MediaPath, why: &Unusable, required: bool) -> Diagnostic {
    let (code, reason) = match why {
        Unusable::Missing => (Code::MEDIA_MISSING, MISSING.to_owned()),
        Unusable::Closed(reason) => (Code::MEDIA_UNREADABLE, reason.clone()),
        Unusable::Content(error) => (media_code(error), error.to_string()),
    };
    if required {
        let message = format!("`{path}` is required and can't be used: {reason}");
        Diagnostic::error(code, message).help("repair or replace the file, or remove `required`")
    } else {
        let warning = Diagnostic::warning(code, format!("`{path}` is left out: {reason}"));
        match why {
            Unusable::Content(MediaError::RawPhoto { .. }) => {
                warning.help("export it as JPEG, or copy the JPEG of the same picture from the camera")
            }
            Unusable::Content(MediaError::Unsupported { .. }) => {
                warning.help("convert the file, for example to JPEG or MP4, or exclude it with a `!` rule")
            }
            Unusable::Content(MediaError::Truncated | MediaError::Corrupt { .. }) => {
                warning.help("copy the file again from its source, or exclude it with a `!` rule")
            }
            Unusable::Content(MediaError::Io { .. }) => warning.help(closed_help("")),
            Unusable::Closed(reason) => warning.help(closed_help(reason)),
            _ => warning,
        }
    }
}

/// Returns what to do about a medium that can't be opened or read.
fn closed_help(reason: &str) -> String {
    format!("{}, or exclude it with a `!` rule", way_in(reason))
}

/// Returns how a file becomes readable.
fn way_in(reason: &str) -> &'static str {
    match reason {
        DANGLING => "restore the file that the link leads to, or change the link",
        UNFINISHED => "run the command again once the file is complete",
        _ => "make the file readable",
    }
}

pub(super) fn media_code(error: &MediaError) -> Code {
    match error {
        MediaError::Unsupported { .. } => Code::MEDIA_UNSUPPORTED,
        MediaError::RawPhoto { .. } => Code::MEDIA_RAW,
        MediaError::TooLarge { .. } => Code::MEDIA_TOO_LARGE,
        MediaError::NoPicture => Code::MEDIA_NO_PICTURE,
        _ => Code::MEDIA_UNREADABLE,
    }
}

/// Reports a piece of music that can't be used.
pub(super) fn useless_track(path: &MediaPath, why: &Unusable, folder: &Path) -> Diagnostic {
    let (code, reason) = match why {
        Unusable::Missing => (Code::MEDIA_MISSING, MISSING.to_owned()),
        Unusable::Closed(reason) => (Code::MUSIC_UNREADABLE, reason.clone()),
        Unusable::Content(error) => (Code::MUSIC_UNREADABLE, error.to_string()),
    };
    let message = format!("the music `{path}` can't be used: {reason}");
    let help = near_help(path, folder).unwrap_or_else(|| {
        let instead = match why {
            Unusable::Content(MediaError::Truncated | MediaError::Corrupt { .. }) => {
                "copy the song again from its source"
            }
            Unusable::Content(MediaError::Unsupported { .. }) => {
                "convert the song, for example to FLAC or MP3"
            }
            Unusable::Closed(reason) => way_in(reason),
            _ => "name an existing song",
        };
        format!("{instead}, or remove `music` to cut on a steady grid")
    });
    Diagnostic::error(code, message).help(help)
}

/// Reports a photo or a clip that the spec names as music.
pub(super) fn not_music(path: &MediaPath, probe: &Probe) -> Diagnostic {
    let (what, help) = match (probe.kind, &probe.sound) {
        (MediaKind::Photo, _) => ("a photo", "list it under `media` to show it, and name a song here"),
        (_, None) => ("a clip without sound", "list it under `media` to show it, and name a song here"),
        (_, Some(_)) => (
            "a clip",
            "extract its sound to a file of its own, such as a WAV; to show the clip, list it under `media`",
        ),
    };
    let message = format!("the music `{path}` can't be used: it is {what}");
    Diagnostic::error(Code::MUSIC_UNREADABLE, message).help(help)
}

/// Returns which file a path probably means that does not exist.
fn near_help(path: &MediaPath, folder: &Path) -> Option<String> {
    let disk = OnDisk::new(folder);
    // A link that leads nowhere has the right name.
    if disk.place(path).symlink_metadata().is_ok() {
        return None;
    }
    let slashed = path.as_str().replace('\\', "/");
    if slashed != path.as_str() && folder.join(&slashed).is_file() {
        return Some(format!("write `/` between folders: `{slashed}`"));
    }
    let near = disk.nearest(path.as_str()).filter(|near| !near.path.ends_with('/'))?;
    let why = if near.is_same_but_case { " Names are case-sensitive" } else { "" };
    Some(format!("did you mean `{}`?{why}", near.path))
}

/// Reports a list of beats that can't be used.
pub(super) fn useless_beats(file: &MediaPath, reason: &str, folder: &Path) -> Diagnostic {
    let message = format!("the beat list `{file}` can't be used: {reason}");
    let help = near_help(file, folder).unwrap_or_else(|| {
        "write one time in seconds per line, or run `mmm beats SONG --list OUT.beats`".to_owned()
    });
    Diagnostic::error(Code::MUSIC_BEATS_FILE, message).help(help)
}

/// Reports a colour table that can't be used.
pub(super) fn useless_cube(path: &MediaPath, reason: &str, folder: &Path) -> Diagnostic {
    let message = format!("the colour table `{path}` can't be used: {reason}");
    let bad = Diagnostic::error(Code::LOOK_CUBE, message);
    match near_help(path, folder) {
        Some(help) => bad.help(help),
        None => bad,
    }
}
