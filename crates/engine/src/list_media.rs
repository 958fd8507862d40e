use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::scan::{Listed, list};
use super::{Means, Stop};
use mmm_base::{Cancel, MediaPath};
use mmm_facts::MediaKind;
use mmm_spec::Root;

/// Every photo, clip and piece of music below a folder, by path, told by its content.
///
/// # Errors
/// On cancellation.
pub fn list_media(folder: &Path, means: &Means, cancel: &Cancel) -> Result<Vec<(String, MediaKind)>, Stop> {
    let Listed { files, .. } = list(folder, &Root { path: String::new(), recursive: true, hidden: false });
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(&MediaPath, MediaKind)>> = Mutex::default();
    let work = || {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            if cancel.is_cancelled() {
                return;
            }
            if let Ok(probe) = means.worker.probe(&path.under(folder)) {
                found.lock().unwrap_or_else(|poison| poison.into_inner()).push((path, probe.kind));
            }
        }
    };
    thread::scope(|scope| (0..means.pool.jobs().min(files.len())).for_each(|_| drop(scope.spawn(work))));
    if cancel.is_cancelled() {
        return Err(Stop::Interrupted);
    }
    let mut found = found.into_inner().unwrap_or_else(|poison| poison.into_inner());
    found.sort();
    Ok(found.into_iter().map(|(path, kind)| (path.as_str().to_owned(), kind)).collect())
}
