use std::collections::BTreeMap;

use super::candidate::Candidate;
use mmm_base::Time;
use mmm_facts::MediaKind;

/// The longest clip of a Live Photo. Phones film 1.5 s before and 1.5 s after the photo.
const LONGEST: Time = Time::from_millis(4_000);
/// The most by which the clocks of its two files may differ, in seconds.
const APART_S: u64 = 60;

/// Returns for every picture the other half of its Live Photo. The halves are a photo and a short clip with
/// the same name in one folder, taken at the same time as far as both files say (Apple's Live Photos, as they
/// are copied off a phone).
pub(super) fn find(candidates: &[Candidate]) -> Vec<Option<usize>> {
    let mut pairs: BTreeMap<&str, (Option<usize>, Option<usize>)> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let path = candidate.medium.path.as_str();
        let (still, moving) = pairs.entry(path.rsplit_once('.').map_or(path, |(stem, _)| stem)).or_default();
        match candidate.kind {
            MediaKind::Photo => still.get_or_insert(index),
            _ if candidate.medium.probe.duration.is_some_and(|length| length <= LONGEST) => {
                moving.get_or_insert(index)
            }
            _ => continue,
        };
    }
    let mut halves = vec![None; candidates.len()];
    for pair in pairs.into_values() {
        if let (Some(still), Some(moving)) = pair
            && are_of_one_time(&candidates[still], &candidates[moving])
        {
            (halves[still], halves[moving]) = (Some(moving), Some(still));
        }
    }
    halves
}

/// Whether two files can be from the same moment. If not, they have the same name by chance. A clock without
/// a time zone proves nothing, so such files pass.
fn are_of_one_time(one: &Candidate, other: &Candidate) -> bool {
    let utc = |candidate: &Candidate| {
        candidate.medium.probe.taken.filter(|taken| taken.offset_min.is_some()).map(|taken| taken.utc_s(0))
    };
    match (utc(one), utc(other)) {
        (Some(one), Some(other)) => one.abs_diff(other) <= APART_S,
        _ => true,
    }
}
