use std::path::Path;

use super::listed::{Listed, list};
use super::unmatched::denied;
use super::{Means, Stop};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Cancel, MediaPath};
use mmm_facts::{MediaError, MediaKind, Probe};
use mmm_spec::Root;

/// The media of a folder.
#[derive(Debug, Default)]
pub struct FoundMedia {
    /// By path.
    pub media: Vec<(String, MediaKind)>,
    /// What could not be looked at.
    pub warnings: Vec<Diagnostic>,
}

/// Returns every photo, clip and piece of music below a folder. The content decides the kind, not the name.
///
/// # Errors
/// On cancellation.
pub fn list_media(folder: &Path, means: &Means, cancel: &Cancel) -> Result<FoundMedia, Stop> {
    let root = Root { path: String::new(), recursive: true, hidden: false };
    let Listed { files, passed } = list(folder, &[root], cancel);
    let files = files.files;
    let probe = |path: &MediaPath| means.worker.probe(&path.under(folder));
    let probes = means.pool.run(&files, &|| cancel.is_cancelled(), &probe);
    if cancel.is_cancelled() {
        return Err(Stop::Interrupted);
    }
    let mut found = FoundMedia::default();
    for path in &passed.odd {
        let message = format!("`{}` is left out because its name is not UTF-8", path.display());
        found.warnings.push(Diagnostic::warning(Code::MEDIA_NAME_NOT_UTF8, message).help("rename the file"));
    }
    for (path, reason) in &passed.denied {
        let message = denied(folder, path, reason);
        let help = "change the permissions of the folder";
        found.warnings.push(Diagnostic::warning(Code::MEDIA_FOLDER_DENIED, message).help(help));
    }
    let mut known: Vec<(&MediaPath, Result<Probe, MediaError>)> = Vec::new();
    known.extend(probes.into_iter().filter_map(|(index, probe)| Some((&files[index], probe.ok()?))));
    known.sort_by_key(|(path, _)| *path);
    for (path, probe) in known {
        match probe {
            Ok(probe) => found.media.push((path.as_str().to_owned(), probe.kind)),
            Err(error) if error.is_transient() => {
                let message = format!("`{path}` is left out: {error}");
                found.warnings.push(Diagnostic::warning(Code::MEDIA_UNREADABLE, message));
            }
            Err(_) => {}
        }
    }
    Ok(found)
}
