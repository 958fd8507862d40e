use super::candidate::{Candidate, Seen, Subject};
use mmm_base::{CaptureTime, Time, TimeSource};
use mmm_facts::{BetterTwin, Material, MediaKind, Medium, PictureHash};
use mmm_spec::LivePhotos;

/// The most by which the clocks of two files of one moment may differ, in seconds.
const APART_S: u64 = 60;
/// A wall clock is ahead of UTC by a multiple of this many seconds, and by at most the second value.
const ZONE_S: (i128, i128) = (15 * 60, 14 * 3600);
/// One picture has clearly more pixels than another from this ratio on, in hundredths: a side that is an
/// eighth longer. Below it are crops by a few pixels and sizes rounded by a program, which nobody sees; the
/// smaller copies that messengers and clouds send have half of the pixels or fewer.
const CLEARLY_PCT: u64 = 125;
/// The shapes of two copies differ by at most this, in hundredths: a program may round a small size.
const SHAPE_PCT: u64 = 110;
/// The lengths of two copies of a clip differ by at most this: a frame or two of a slow rate.
const LENGTHS: Time = Time::from_millis(100);
/// In two copies of a clip, this share of the moments must look the same, in tenths. The moments are those of
/// keyframes, which the two need not have at the same times.
const MOMENTS_TENTHS: usize = 7;

/// Returns how far apart two files were taken, in seconds; `None` if one doesn't say when, or only the day
/// or its last change.
/// If one of the clocks may be ahead of UTC by an unknown zone, returns the shortest distance that a zone
/// makes possible.
pub(super) fn apart_s(one: &Medium, other: &Medium) -> Option<u64> {
    let taken = |medium: &Medium| medium.probe.taken.filter(|taken| !taken.day_only);
    let (at, to) = (taken(one)?, taken(other)?);
    // When one was changed says nothing about when the other was taken.
    if (at.source == TimeSource::Changed) != (to.source == TimeSource::Changed) {
        return None;
    }
    let utc = |taken: CaptureTime| i128::from(taken.local_s) - i128::from(taken.offset_min.unwrap_or(0)) * 60;
    let apart = (utc(at) - utc(to)).abs();
    let is_alike = at.offset_min.is_none() && to.offset_min.is_none() && one.probe.kind == other.probe.kind;
    let apart = if !is_alike && (has_open_zone(one) || has_open_zone(other)) && apart <= ZONE_S.1 + 60 {
        let rest = apart % ZONE_S.0;
        rest.min(ZONE_S.0 - rest)
    } else {
        apart
    };
    Some(u64::try_from(apart).unwrap_or(u64::MAX))
}

/// Whether a file doesn't name its zone. Cameras write UTC in clips, and some of them local time instead.
fn has_open_zone(medium: &Medium) -> bool {
    let offset = medium.probe.taken.and_then(|taken| taken.offset_min);
    offset.is_none() || (medium.probe.kind == MediaKind::Clip && offset == Some(0))
}

/// Whether what the spec says of a photo and its clip is said of both, by one rule, and so is meant for one of them.
pub(super) fn are_meant_as_one(photo: &Medium, clip: &Medium) -> bool {
    let said = |medium: &Medium| (medium.rule, medium.known.required, medium.known.role);
    said(photo) == said(clip)
}

/// Whether a photo and a clip say that they are one Live Photo; `None` if one of them says nothing.
pub(super) fn are_one_live_photo(photo: &Medium, clip: &Medium) -> Option<bool> {
    Some(photo.probe.live_id.as_ref()? == clip.probe.live_id.as_ref()?)
}

/// Returns what the spec says about a live photo, of either of its files or of all of them.
pub(super) fn live_setting(material: &Material, photo: &Medium, clip: &Medium) -> LivePhotos {
    photo.known.live.or(clip.known.live).unwrap_or(material.settings.style.live_photos)
}

/// Whether two files can be from the same moment, as far as both say.
pub(super) fn may_be_of_one_time(one: &Candidate, other: &Candidate) -> bool {
    apart_s(one.medium, other.medium).is_none_or(|apart| apart <= APART_S)
}

/// Whether both say when they were taken, and it is the same moment.
pub(super) fn are_of_one_time(one: &Candidate, other: &Candidate) -> bool {
    apart_s(one.medium, other.medium).is_some_and(|apart| apart <= APART_S)
}

/// Whether `one` has clearly more pixels than `other`.
pub(super) fn is_clearly_larger(one: &Candidate, other: &Candidate) -> bool {
    one.pixels().saturating_mul(100) >= other.pixels().max(1).saturating_mul(CLEARLY_PCT)
}

/// Returns in how many bits the pictures of two media differ; of a clip, the moment counts that is most
/// similar to the other picture.
pub(super) fn distance(one: Seen, other: Seen) -> Option<u32> {
    let (first, second) = (one.hash?, other.hash?);
    match (one.facts, other.facts) {
        (Subject::Clip(facts), Subject::Photo) => nearest(facts.picture.samples.iter(), second),
        (Subject::Photo, Subject::Clip(facts)) => nearest(facts.picture.samples.iter(), first),
        _ => Some(first.distance(second)),
    }
}

fn nearest<'a>(samples: impl Iterator<Item = &'a mmm_facts::ClipSample>, hash: PictureHash) -> Option<u32> {
    samples.map(|sample| sample.hash.distance(hash)).min()
}

/// Whether two media of one kind are copies: the same picture, or the same clip from beginning to end, and
/// not two shots of one burst.
pub(super) fn are_copies(one: Seen, other: Seen) -> bool {
    let is_same = match (one.facts, other.facts) {
        (Subject::Photo, Subject::Photo) => {
            distance(one, other).is_some_and(|distance| distance <= PictureHash::SAME)
        }
        (Subject::Clip(first), Subject::Clip(second)) => {
            let lengths = (first.picture.duration - second.picture.duration).micros().abs();
            lengths <= LENGTHS.micros() && is_same_clip(one, other)
        }
        _ => false,
    };
    is_same && have_one_shape(one, other) && !is_burst(one, other)
}

fn is_same_clip(one: Seen, other: Seen) -> bool {
    let (Subject::Clip(first), Subject::Clip(second)) = (one.facts, other.facts) else { return false };
    if one.hash.is_none() || other.hash.is_none() {
        return false;
    }
    let step = first.picture.sample_step.max(second.picture.sample_step);
    let samples = &second.picture.samples;
    let is_there = |sample: &&mmm_facts::ClipSample| {
        let from = samples.partition_point(|other| other.time < sample.time - step);
        let around = samples[from..].iter().take_while(|other| other.time <= sample.time + step);
        nearest(around, sample.hash).is_some_and(|distance| distance <= PictureHash::SIMILAR)
    };
    let same = first.picture.samples.iter().filter(is_there).count();
    same * 10 >= first.picture.samples.len() * MOMENTS_TENTHS
}

fn have_one_shape(one: Seen, other: Seen) -> bool {
    let shape = |seen: Seen| {
        let picture = seen.medium.probe.picture.as_ref();
        picture.map(|picture| (u64::from(picture.width), u64::from(picture.height)))
    };
    let (Some((width, height)), Some((wide, high))) = (shape(one), shape(other)) else { return false };
    let (first, second) = (width.saturating_mul(high), wide.saturating_mul(height));
    first.max(second).saturating_mul(100) <= first.min(second).saturating_mul(SHAPE_PCT)
}

/// Whether two pictures were taken one after the other by one camera. A copy has the time of the other, or
/// names no camera, or no zone.
fn is_burst(one: Seen, other: Seen) -> bool {
    let (first, second) = (&one.medium.probe, &other.medium.probe);
    let is_one_clock = match (first.taken, second.taken) {
        (Some(at), Some(to)) => at.offset_min.is_some() == to.offset_min.is_some(),
        _ => false,
    };
    let apart = apart_s(one.medium, other.medium).filter(|_| is_one_clock);
    first.camera == second.camera && apart.is_some_and(|apart| (1..=APART_S).contains(&apart))
}

/// Returns what makes `one` the better of two copies, whatever they look like; `None` if nothing does.
pub(crate) fn better_copy(one: &Candidate, other: &Candidate, same_name: bool) -> Option<BetterTwin> {
    let is_dated = |candidate: &Candidate| candidate.medium.probe.taken.is_some();
    if is_clearly_larger(one, other) {
        return Some(BetterTwin::Larger);
    }
    if is_clearly_larger(other, one) {
        return None;
    }
    if is_dated(one) != is_dated(other) {
        return is_dated(one).then_some(BetterTwin::Dated);
    }
    let (own, its) = (&one.medium.probe, &other.medium.probe);
    let is_less = same_name
        && own.format == its.format
        && own.bytes > its.bytes
        && own.bytes.saturating_mul(100) >= its.bytes.saturating_mul(CLEARLY_PCT);
    is_less.then_some(BetterTwin::LessCompressed)
}
