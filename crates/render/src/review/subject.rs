use super::black::frames_word;
use super::streams::NO_PLAN;
use super::view_of::view_of;
use mmm_base::{Rate, Time};
use mmm_facts::Medium;
use mmm_facts::Wanted;
use mmm_facts::{Extent, PictureSource, ShotView, TimelineShot};
use mmm_facts::{Facts, SubjectBox, SubjectMoment};
use mmm_facts::{Figure, FigurePlace, Limit, Measure};

const KEPT: Measure = Measure { name: "subject kept", unit: "% of frames" };

/// A frame keeps its subject if it shows at least this share of the subject's box.
const WHOLE: f64 = 0.95;
/// A movie passes if at least this percentage of frames keeps the subject.
const LEAST: f64 = 95.0;
/// How long before and after an analysed moment its subject box remains valid.
const KNOWN_FOR: Time = Time::from_millis(1500);

/// Returns the percentage of frames that show at least 95 % of the most prominent subject box, among frames
/// of photos and clips with a subject. It uses the boxes of the facts and the windows of the timeline.
pub(super) fn figure(rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(KEPT, NO_PLAN) };
    let (mut judged, mut kept) = (0u32, 0u32);
    let mut worst: Vec<(u32, FigurePlace)> = Vec::new();
    for shot in &wanted.timeline.shots {
        let Some(found) = wanted
            .medium(&shot.shot.source.path)
            .and_then(|medium| shown(shot, medium.seen_as(shot.shot.source.kind), wanted))
        else {
            continue;
        };
        let lost: Vec<u32> =
            found.iter().filter(|(_, part)| *part < WHOLE).map(|(frame, _)| *frame).collect();
        judged += found.len() as u32;
        kept += (found.len() - lost.len()) as u32;
        if let Some(first) = lost.first() {
            let least = found.iter().map(|(_, part)| *part).fold(1.0, f64::min);
            let what = format!(
                "{:.0} % of what matters is in the frame at the least, for {} of {}",
                least * 100.0,
                frames_word(lost.len() as u32),
                frames_word(found.len() as u32)
            );
            worst.push((lost.len() as u32, FigurePlace::frame(*first, rate, what)));
        }
    }
    if judged == 0 {
        return Figure::unmeasured(KEPT, "nothing stands out in what is shown");
    }
    worst.sort_by_key(|(frames, place)| (std::cmp::Reverse(*frames), place.frame));
    let places = worst.into_iter().map(|(_, place)| place);
    let share = 100.0 * f64::from(kept) / f64::from(judged);
    Figure::measured(KEPT, share, Limit::Least(LEAST)).at(places)
}

/// Returns the frames of a shot with a known subject, each with the visible share of its box. `None` if the
/// spec sets the focus: then only `focus lost` applies.
fn shown(shot: &TimelineShot, medium: &Medium, wanted: &Wanted) -> Option<Vec<(u32, f64)>> {
    let picture = medium.probe.picture.as_ref().filter(|_| medium.known.focus.is_none())?;
    let view = view_of(shot, wanted)?;
    let canvas = wanted.timeline.canvas;
    let is_named = medium.said.people.iter().any(|person| person.area.is_some());
    let moves_along = shot.shot.framing.crop.is_some_and(|crop| crop.to.is_some());
    let mut found = Vec::new();
    for frame in 0..shot.frames {
        let (view, time) = at(view, shot, frame, canvas.rate);
        let subject = match &medium.facts {
            // What models see and people say decides what a photo is about.
            Facts::Photo(facts) if facts.sight.is_some() || is_named || moves_along => {
                shot.shot.framing.subject
            }
            Facts::Photo(facts) => facts.subjects.first().copied(),
            Facts::Clip(facts) => subject_at(&facts.picture.subjects, time),
            Facts::Music(_) => None,
        };
        if let Some(subject) = subject {
            let seen = view.seen(0, (picture.width, picture.height), canvas);
            found.push((shot.start + frame, part_inside(&subject, seen)));
        }
    }
    Some(found)
}

/// Returns the view of a shot from its frame `frame` on, and the source time there.
fn at(view: &ShotView, shot: &TimelineShot, frame: u32, rate: Rate) -> (ShotView, Time) {
    let mut view = view.clone();
    let from = shot.shot.source.part.map_or(Time::ZERO, |part| part.0);
    let time = from + shot.shot.treatment.speed.seen_in(rate.time_of(i64::from(frame)));
    match &mut view.picture {
        PictureSource::Photo(photo) => photo.first = shot.transition.handle() + frame,
        PictureSource::Clip(start) => *start = time,
    }
    (view, time)
}

/// Returns the subject of a clip at a time, interpolated between two analysed moments; `None` if no moment is
/// near or nothing was found.
fn subject_at(moments: &[SubjectMoment], time: Time) -> Option<SubjectBox> {
    let after = moments.partition_point(|moment| moment.time <= time);
    let near = |moment: &&SubjectMoment| (moment.time - time).micros().abs() <= KNOWN_FOR.micros();
    let before = after.checked_sub(1).and_then(|before| moments.get(before)).filter(near);
    let next = moments.get(after).filter(near);
    match (before, next) {
        (Some(before), Some(next)) => {
            let part = (time - before.time).secs() / (next.time - before.time).secs().max(1e-6);
            match (before.subject, next.subject) {
                (Some(one), Some(other)) => Some(one.towards(&other, part)),
                // The subject appeared or disappeared between the two.
                (one, other) => {
                    if part < 0.5 {
                        one
                    } else {
                        other
                    }
                }
            }
        }
        (Some(only), None) | (None, Some(only)) => only.subject,
        (None, None) => None,
    }
}

/// Returns the share of a box, by area, that is inside a rectangle of the picture.
fn part_inside(subject: &SubjectBox, seen: Extent) -> f64 {
    let along = |from: f64, to: f64, start: f64, side: f64| {
        ((to.min(start + side) - from.max(start)) / (to - from).max(1e-9)).clamp(0.0, 1.0)
    };
    along(subject.x.get(), subject.right(), seen.x, seen.width)
        * along(subject.y.get(), subject.bottom(), seen.y, seen.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_inside_is_by_area() {
        let subject = SubjectBox::between((0.2, 0.2), (0.4, 0.6), 0.5);
        let seen = |x: f64, y: f64| Extent { x, y, width: 0.5, height: 0.5 };
        assert!((part_inside(&subject, seen(0.3, 0.0)) - 0.375).abs() < 1e-9);
        assert_eq!(part_inside(&subject, seen(0.1, 0.15)), 1.0);
        assert_eq!(part_inside(&subject, seen(0.5, 0.0)), 0.0);
    }

    #[test]
    fn a_box_is_known_only_near_to_where_it_was_seen() {
        let seen = |millis: i64, x: Option<f64>| SubjectMoment {
            time: Time::from_millis(millis),
            subject: x.map(|x| SubjectBox::between((x, 0.0), (x + 0.1, 0.1), 0.5)),
        };
        let moments = [seen(0, Some(0.0)), seen(1000, Some(0.4)), seen(1500, None), seen(6000, Some(0.2))];
        let x = |millis| subject_at(&moments, Time::from_millis(millis)).map(|found| found.x.get());
        assert_eq!((x(0), x(250), x(1000)), (Some(0.0), Some(0.1), Some(0.4)));
        assert_eq!((x(1300), x(3500), x(6500), x(9000)), (None, None, Some(0.2), None));
    }
}
