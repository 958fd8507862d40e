//! Reads the capture times that other programs keep in files beside the media: XMP, and the JSON of Google
//! Takeout.

use std::collections::BTreeMap;
use std::path::Path;

use super::small_file::read_small;
use mmm_base::{CaptureTime, MediaPath, TimeSource};
use mmm_spec::{Selection, folded_name, sidecar_names, takeout_time, xmp_time};

/// Most bytes of such a file.
const MAX_SIDECAR: u64 = 1 << 20;

/// Returns the files of a listing that belong to the selected media: for each medium, its sidecars in the
/// order in which they are believed.
pub(super) fn sidecars<'a>(
    listing: &[MediaPath],
    selection: &'a Selection,
) -> BTreeMap<&'a MediaPath, Vec<MediaPath>> {
    let mut there: BTreeMap<String, Vec<&MediaPath>> = BTreeMap::new();
    for path in listing.iter().filter(|path| ends_in(path.as_str(), "json") || ends_in(path.as_str(), "xmp"))
    {
        there.entry(folded_name(path.name())).or_default().push(path);
    }
    if there.is_empty() {
        return BTreeMap::new();
    }
    let of = |path: &'a MediaPath| {
        let mut found: Vec<MediaPath> = Vec::new();
        for name in sidecar_names(path.name()) {
            let beside = there.get(&folded_name(&name)).into_iter().flatten();
            // The very name comes first; programs and file systems change letter case and accents.
            let mut beside: Vec<&MediaPath> =
                beside.copied().filter(|other| folder_of(other) == folder_of(path)).collect();
            beside.sort_by_key(|other| (other.name() != name, *other));
            for other in beside {
                if !found.contains(other) {
                    found.push(other.clone());
                }
            }
        }
        (!found.is_empty()).then_some((path, found))
    };
    selection.taken.iter().filter_map(|taken| of(&taken.path)).collect()
}

fn folder_of(path: &MediaPath) -> &str {
    path.as_str().strip_suffix(path.name()).unwrap_or_default()
}

/// Returns the capture times beside the selected media.
pub(super) fn times_beside(
    folder: &Path,
    listing: &[MediaPath],
    selection: &Selection,
) -> BTreeMap<MediaPath, Vec<CaptureTime>> {
    let read = |path: &MediaPath| time_in(&path.under(folder));
    let times = |files: Vec<MediaPath>| files.iter().filter_map(read).collect::<Vec<CaptureTime>>();
    sidecars(listing, selection)
        .into_iter()
        .map(|(medium, files)| (medium.clone(), times(files)))
        .filter(|(_, times)| !times.is_empty())
        .collect()
}

/// Returns when a file was taken: by its own time, by the files beside it, or by its name.
pub fn capture_time(file: &Path, own: Option<CaptureTime>) -> Option<CaptureTime> {
    let name = file.file_name()?.to_str()?;
    let beside = sidecar_names(name).into_iter().map(|name| file.with_file_name(name));
    let beside: Vec<CaptureTime> = match own {
        Some(own) if own.source != TimeSource::Changed => Vec::new(),
        _ => beside.filter_map(|path| time_in(&path)).collect(),
    };
    mmm_plan::best_time(name, own, &beside)
}

/// Returns the time in a sidecar; `None` if it has none that can be read.
fn time_in(path: &Path) -> Option<CaptureTime> {
    let text = String::from_utf8(read_small(path, MAX_SIDECAR).ok()?).ok()?;
    match path.to_str() {
        Some(name) if ends_in(name, "xmp") => xmp_time(&text, TimeSource::Sidecar),
        _ => takeout_time(&text),
    }
}

fn ends_in(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case(ending))
}
