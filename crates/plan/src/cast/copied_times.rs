//! Gives a medium without a time that of a copy: the same picture or clip in another size, as messengers and
//! clouds send it. Only their content tells that they belong together.

use super::candidate::{Seen, Subject};
use super::likeness::are_copies;
use crate::dates::{Recorded, is_exact, is_set, says_more};
use mmm_base::TimeSource;
use mmm_facts::{Material, MediumTime, PictureHash, TimeCertainty};

/// Replaces the times that say less than that of a copy.
pub(super) fn take_from_copies(material: &Material, times: &mut [Option<MediumTime>]) {
    let may_take = |index: usize| {
        let is_weak =
            |time: MediumTime| time.source == TimeSource::Changed || time.certainty == TimeCertainty::Day;
        times[index].is_none_or(is_weak) && !is_set(&Recorded::from(&material.media[index]), times[index])
    };
    let takers: Vec<usize> = (0..times.len()).filter(|&index| may_take(index)).collect();
    if takers.is_empty() {
        return;
    }
    let seen: Vec<Option<Seen>> =
        material.media.iter().map(|medium| Seen::of(medium, material.issues(medium))).collect();
    let own = times.to_vec();
    let is_any_bare = takers.iter().any(|&index| own[index].is_none());
    let tells = |time: &MediumTime| is_any_bare || is_exact(*time);
    let tellers: Vec<usize> =
        (0..own.len()).filter(|&other| own[other].as_ref().is_some_and(tells)).collect();
    for index in takers {
        let Some(one) = seen[index] else { continue };
        let copies = tellers.iter().copied().filter(|&other| other != index).filter_map(|other| {
            let time = own[other].filter(|time| says_more(*time, own[index]))?;
            let apart = apart(one, seen[other]?)?;
            Some((
                time.certainty == TimeCertainty::Day,
                apart,
                time.source,
                &material.media[other].path,
                time,
            ))
        });
        let nearest = copies.min_by_key(|&(is_day, apart, source, path, _)| (is_day, apart, source, path));
        if let Some((.., time)) = nearest {
            times[index] = Some(MediumTime { source: TimeSource::Version, ..time });
        }
    }
}

/// Returns in how many bits the pictures of two copies differ; `None` if they aren't copies.
fn apart(one: Seen, other: Seen) -> Option<u32> {
    let apart = one.hash?.distance(other.hash?);
    // The hash of a clip is that of its best moment, which copies need not share.
    let may_be = match (one.facts, other.facts) {
        (Subject::Photo, Subject::Photo) => apart <= PictureHash::SAME,
        (Subject::Clip(_), Subject::Clip(_)) => true,
        _ => false,
    };
    (may_be && are_copies(one, other)).then_some(apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::planned_times;
    use mmm_base::{CaptureTime, Time};
    use mmm_facts::Medium;
    use mmm_facts::sample::{clip, clip_facts, material, noise, photo, photo_facts};

    /// 2023-07-14T09:12:00.
    const MORNING: i64 = 1_689_325_920;
    const DAY: i64 = 86_400;

    fn picture(path: &str, number: u64, taken: Option<i64>) -> Medium {
        let mut medium = photo(path, 0);
        photo_facts(&mut medium).hash = PictureHash(noise(number));
        medium.probe.taken = taken.map(|at| CaptureTime::new(at, Some(120), TimeSource::Exif));
        medium
    }

    fn film(path: &str, number: u64, taken: Option<i64>) -> Medium {
        let mut medium = clip(path, 0, Time::from_secs(8));
        for sample in &mut clip_facts(&mut medium).picture.samples {
            sample.hash = PictureHash(noise(number));
        }
        medium.probe.taken = taken.map(|at| CaptureTime::new(at, Some(120), TimeSource::Tag));
        medium
    }

    /// Returns the source and the day of the first medium, which is listed beside one of another day.
    fn time(media: &[Medium]) -> (TimeSource, i64) {
        let mut material = material(0, 120_000);
        let beside = picture("beside.jpg", 99, Some(MORNING));
        material.media =
            media[..1].iter().cloned().chain([beside]).chain(media[1..].iter().cloned()).collect();
        let time = planned_times(&material)[0].unwrap();
        (time.source, (time.local_s() - MORNING).div_euclid(DAY))
    }

    #[test]
    fn a_medium_takes_the_time_of_its_copy() {
        let sent = picture("IMG-1-WA0001.jpg", 1, None);
        let original = picture("b/DSC_2.jpg", 1, Some(MORNING + 5 * DAY));
        assert_eq!(time(&[sent.clone(), original.clone()]), (TimeSource::Version, 5));
        let mut sharper = original.clone();
        photo_facts(&mut sharper).hash.0 ^= 0b101;
        assert_eq!(time(&[sent.clone(), sharper.clone()]), (TimeSource::Version, 5));
        // The most similar copy tells.
        sharper.probe.taken.as_mut().unwrap().local_s += DAY;
        assert_eq!(time(&[sent.clone(), sharper, original.clone()]), (TimeSource::Version, 5));
        let clips = [film("b.mp4", 3, None), film("x/c.mp4", 3, Some(MORNING + 3 * DAY))];
        assert_eq!(time(&clips), (TimeSource::Version, 3));
        // Only the day is known, and it is the same.
        let named = |name: &str| picture(name, 1, None);
        assert_eq!(time(&[named("IMG-20230719-WA0001.jpg"), original.clone()]), (TimeSource::Version, 5));
        assert_eq!(time(&[named("IMG-20230718-WA0001.jpg"), original]), (TimeSource::Name, 4));
    }

    #[test]
    fn other_pictures_and_the_spec_give_no_way() {
        let original = picture("b/DSC_2.jpg", 1, Some(MORNING + 5 * DAY));
        assert_eq!(time(&[picture("a.jpg", 2, None), original.clone()]), (TimeSource::Neighbour, 0));
        let mut turned = picture("a.jpg", 1, None);
        let shape = turned.probe.picture.as_mut().unwrap();
        (shape.width, shape.height) = (shape.height, shape.width);
        assert_eq!(time(&[turned, original.clone()]), (TimeSource::Neighbour, 0));
        assert_eq!(time(&[film("a.mp4", 1, None), original.clone()]), (TimeSource::Neighbour, 0));
        let mut empty = picture("a.jpg", 1, None);
        photo_facts(&mut empty).issues = vec![mmm_facts::Issue::Empty];
        assert_eq!(time(&[empty, original.clone()]), (TimeSource::Neighbour, 0));
        let mut said = picture("a.jpg", 1, None);
        said.known.taken = Some(CaptureTime::new(MORNING - 2 * DAY, Some(120), TimeSource::Spec));
        assert_eq!(time(&[said, original]), (TimeSource::Spec, -2));
    }
}
