//! Reads what other programs keep in files beside the media: XMP, and the JSON of Google Takeout.

use std::collections::BTreeMap;
use std::path::Path;

use super::beside::{Beside, SidecarTrouble};
use super::sidecar_warnings::unused_sidecar;
use super::small_file::read_small;
use mmm_base::diagnostics::{Diagnostic, io_words};
use mmm_base::{CaptureTime, MediaPath, TimeSource};
use mmm_facts::{MediaKind, Probe, SaidSource};
use mmm_spec::{
    Remarks, Selection, folded_name, is_of_file, sidecar_names, takeout_remarks, takeout_time, xmp_remarks,
    xmp_time,
};
use serde::de::IgnoredAny;

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

/// Returns what the files beside the selected media say.
pub(super) fn read_beside(
    folder: &Path,
    listing: &[MediaPath],
    selection: &Selection,
) -> BTreeMap<MediaPath, Beside> {
    let read = |(medium, files): (&MediaPath, Vec<MediaPath>)| {
        let mut beside = Beside::default();
        for file in files {
            let found = read_sidecar(&file.under(folder), medium.name());
            add(&mut beside, found.map_err(|trouble| (file, trouble)));
        }
        (medium.clone(), beside)
    };
    sidecars(listing, selection).into_iter().map(read).filter(|(_, beside)| !beside.is_empty()).collect()
}

/// Returns the headers of a file with what its name and the files beside it say, and a warning for each file that is
/// not used.
pub fn with_beside(file: &Path, probe: Probe) -> (Probe, Vec<Diagnostic>) {
    let name = file.file_name().and_then(|name| name.to_str());
    let (Some(name), true) = (name, probe.kind != MediaKind::Music) else { return (probe, Vec::new()) };
    let mut beside = Beside::default();
    for sidecar in sidecar_names(name) {
        let path = file.with_file_name(&sidecar);
        // Most of these names don't exist. A folder has the files of one medium under few of them.
        if path.is_file()
            && let Ok(sidecar) = MediaPath::new(&sidecar)
        {
            add(&mut beside, read_sidecar(&path, name).map_err(|trouble| (sidecar, trouble)));
        }
    }
    let said = beside.said(&probe);
    let taken = mmm_plan::best_time(name, probe.taken, &beside.times);
    let place = probe.place.or(said.position.map(|position| position.value));
    let warnings =
        beside.unused.iter().map(|(sidecar, trouble)| unused_sidecar(name, sidecar.as_str(), trouble));
    (Probe { taken, place, said, ..probe }, warnings.collect())
}

/// What a sidecar says: when its medium was taken, and what people said.
type SidecarText = (Option<CaptureTime>, Option<(SaidSource, Remarks)>);

fn add(beside: &mut Beside, found: Result<SidecarText, (MediaPath, SidecarTrouble)>) {
    match found {
        Ok((time, remarks)) => {
            beside.times.extend(time);
            beside.remarks.extend(remarks.filter(|(_, remarks)| !remarks.is_empty()));
        }
        Err(unused) => beside.unused.push(unused),
    }
}

/// Reads a file beside the medium `name`.
fn read_sidecar(path: &Path, name: &str) -> Result<SidecarText, SidecarTrouble> {
    let bytes =
        read_small(path, MAX_SIDECAR).map_err(|error| SidecarTrouble::Unreadable(io_words(&error)))?;
    let of_other = |remarks: &Remarks| {
        let other = remarks.file_name.clone().filter(|other| !is_of_file(other, name));
        other.map_or(Ok(()), |other| Err(SidecarTrouble::OfOther(other)))
    };
    let is_xmp = path.to_str().is_some_and(|path| ends_in(path, "xmp"));
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(if is_xmp { SidecarTrouble::NoXmp } else { SidecarTrouble::NoJson });
    };
    if is_xmp {
        let remarks = xmp_remarks(&text).ok_or(SidecarTrouble::NoXmp)?;
        of_other(&remarks)?;
        return Ok((xmp_time(&text, TimeSource::Sidecar), Some((SaidSource::Sidecar, remarks))));
    }
    // A JSON file of another program may have the name of a medium too.
    let remarks = takeout_remarks(&text);
    if let Some(remarks) = &remarks {
        of_other(remarks)?;
    } else if serde_json::from_str::<IgnoredAny>(text.trim_start_matches('\u{feff}')).is_err() {
        return Err(SidecarTrouble::NoJson);
    }
    Ok((takeout_time(&text), remarks.map(|remarks| (SaidSource::Takeout, remarks))))
}

fn ends_in(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case(ending))
}
