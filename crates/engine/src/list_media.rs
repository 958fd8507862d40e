use std::path::Path;

use super::scan::{Listed, list};
use super::{Means, Stop};
use mmm_base::{Cancel, MediaPath};
use mmm_facts::MediaKind;
use mmm_spec::Root;

/// Returns every photo, clip and piece of music below a folder, by path. The content decides the kind, not
/// the name.
///
/// # Errors
/// On cancellation.
pub fn list_media(folder: &Path, means: &Means, cancel: &Cancel) -> Result<Vec<(String, MediaKind)>, Stop> {
    let Listed { files, .. } = list(folder, &Root { path: String::new(), recursive: true, hidden: false });
    let kind = |path: &MediaPath| Some(means.worker.probe(&path.under(folder)).ok()?.kind);
    let kinds = means.pool.run(&files, &|| cancel.is_cancelled(), &kind);
    if cancel.is_cancelled() {
        return Err(Stop::Interrupted);
    }
    let known = kinds.into_iter().filter_map(|(index, kind)| Some((&files[index], kind.ok()??)));
    let mut found: Vec<(&MediaPath, MediaKind)> = known.collect();
    found.sort();
    Ok(found.into_iter().map(|(path, kind)| (path.as_str().to_owned(), kind)).collect())
}
