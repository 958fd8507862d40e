use std::collections::BTreeSet;
use std::path::Path;

use super::endings::is_stray;
use super::first_queries::Unusable;
use super::listed::{Listed, list};
use super::unmatched::denied;
use super::unusable_files::useless;
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
    /// What could not be looked at, and files named as media that are none.
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
    let mut unusable = Vec::new();
    let mut known: Vec<(&MediaPath, Result<Probe, MediaError>)> = Vec::new();
    known.extend(probes.into_iter().filter_map(|(index, probe)| Some((&files[index], probe.ok()?))));
    known.sort_by_key(|(path, _)| *path);
    for (path, probe) in known {
        match probe {
            Ok(probe) => found.media.push((path.as_str().to_owned(), probe.kind)),
            Err(error) if is_stray(path, &error) => {}
            Err(error) => unusable.push((path, error)),
        }
    }
    // The camera's JPEG beside a raw photo is the same picture.
    let photos: BTreeSet<String> =
        found.media.iter().filter_map(|(path, kind)| photo_stem(path, *kind)).collect();
    unusable.retain(|(path, error)| {
        let stem = photo_stem(path.as_str(), MediaKind::Photo);
        !matches!(error, MediaError::RawPhoto { .. }) || stem.is_none_or(|stem| !photos.contains(&stem))
    });
    let warned = unusable.into_iter().map(|(path, error)| useless(path, &Unusable::Content(error), false));
    found.warnings.extend(warned);
    Ok(found)
}

/// Returns the path of a photo without its ending, in lower case.
fn photo_stem(path: &str, kind: MediaKind) -> Option<String> {
    let (stem, _) = path.rsplit_once('.')?;
    (kind == MediaKind::Photo).then(|| stem.to_lowercase())
}
