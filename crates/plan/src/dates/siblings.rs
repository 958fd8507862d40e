//! Gives a medium without a time that of another version of the same picture: the original of an edit, the
//! thumbnail of a clip, the clip of a photo. Only their names tell that they belong together.

use std::collections::BTreeMap;

use super::file_name::{FileName, LONGEST_PAIR, Mark, PROXY_LENGTHS};
use super::recorded::Recorded;
use mmm_base::TimeSource;
use mmm_facts::{MediaKind, MediumTime, TimeCertainty};

/// Replaces the times that say less than that of another version.
pub(super) fn take_from_siblings(media: &[Recorded], times: &mut [Option<MediumTime>]) {
    let names: Vec<FileName> = media.iter().map(|medium| FileName::of(medium.path.as_str())).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        groups.entry(name.source()).or_default().push(index);
    }
    let own = times.to_vec();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        for &index in group.iter().filter(|&&index| !is_set(&media[index], own[index])) {
            let found = group
                .iter()
                .filter(|&&other| other != index && are_versions(media, &names, index, other))
                .filter(|&&other| {
                    names[index].folder == names[other].folder
                        || are_apart(media, &names, &group, index, other)
                })
                .filter_map(|&other| Some((other, own[other]?)))
                .filter(|(_, time)| says_more(*time, own[index]))
                .min_by_key(|(other, time)| {
                    let is_other_folder = names[*other].folder != names[index].folder;
                    let is_other_kind = media[*other].probe.kind != media[index].probe.kind;
                    let is_other_number = names[*other].number != names[index].number;
                    (is_other_folder, is_other_number, is_other_kind, time.source, media[*other].path)
                });
            if let Some((_, time)) = found {
                times[index] = Some(MediumTime { source: TimeSource::Version, ..time });
            }
        }
    }
}

/// Whether one of two media of different folders is the proxy or the thumbnail of the other. Cameras count anew
/// in each folder, so no other clip of the group may have the name.
fn are_apart(media: &[Recorded], names: &[FileName], group: &[usize], one: usize, other: usize) -> bool {
    let is_source =
        |index: usize| names[index].mark == Mark::Plain && media[index].probe.kind != MediaKind::Photo;
    let is_small = |index: usize| matches!(names[index].mark, Mark::Proxy | Mark::Thumbnail);
    let sources = group.iter().filter(|&&at| is_source(at) && names[at].number == names[one].number).count();
    (is_source(one) && is_small(other) || is_small(one) && is_source(other)) && sources == 1
}

/// Whether the spec says when a medium was taken, or how the clock was set that shows its `own` time.
pub(crate) fn is_set(medium: &Recorded, own: Option<MediumTime>) -> bool {
    let known = medium.known;
    known.taken.is_some() || own.is_some() && (known.clock_s.is_some() || known.zone.is_some())
}

/// Whether a time is more than a day or the date of the file.
pub(crate) fn is_exact(time: MediumTime) -> bool {
    time.source != TimeSource::Changed && time.certainty != TimeCertainty::Day
}

/// Whether the time of another version says more than the own one.
pub(crate) fn says_more(other: MediumTime, own: Option<MediumTime>) -> bool {
    let Some(own) = own else { return true };
    let day = |time: MediumTime| time.local_s().div_euclid(86_400);
    let is_of_day = own.certainty == TimeCertainty::Day && day(own) == day(other);
    is_exact(other) && (own.source == TimeSource::Changed || is_of_day)
}

/// Whether two media of one name show the same, as far as names and lengths tell.
fn are_versions(media: &[Recorded], names: &[FileName], index: usize, other: usize) -> bool {
    let (name, sibling) = (&names[index], &names[other]);
    // `a-edited(1).jpg` may be the second edit of `a.jpg`.
    let is_second = name.is_edit() && !sibling.is_edit() && sibling.number.is_none();
    if name.number != sibling.number && !is_second {
        return false;
    }
    let length = |index: usize| media[index].probe.duration;
    let is_photo = |index: usize| media[index].probe.kind == MediaKind::Photo;
    match (is_photo(index), is_photo(other)) {
        (true, true) => true,
        (false, false) if name.is_edit() || sibling.is_edit() => true,
        (false, false) => match (length(index), length(other)) {
            (Some(one), Some(other)) => (one - other).micros().abs() <= PROXY_LENGTHS.micros(),
            _ => false,
        },
        // Two Live Photos have two identifiers, whatever their names are.
        _ if media[index].probe.is_of_other_live_photo(media[other].probe) => false,
        (is_photo, _) => {
            let (photo, clip) = if is_photo { (name, other) } else { (sibling, index) };
            photo.mark == Mark::Thumbnail || length(clip).is_some_and(|length| length <= LONGEST_PAIR)
        }
    }
}
