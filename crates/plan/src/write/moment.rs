use crate::cast::{Candidate, Run, Subject, Windows};
use mmm_base::{Score, Speed, Time};
use mmm_facts::ClipFacts;
use mmm_spec::ClipSound;

/// The part of a clip that a shot shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub from: Time,
    pub to: Time,
    /// How much transitions may take before `from` and after `to`, in the movie's time.
    pub handles: (Time, Time),
    /// How good the picture is.
    pub quality: Score,
    /// How much moves in it.
    pub motion: Score,
}

/// Room to leave on both sides for transitions if possible, in the movie's time.
const MARGIN: Time = Time::from_millis(400);

/// Returns the best part of a clip to show for `length`, if possible without showing `seen` again. `None` for
/// photos, and if the clip has no such part. A part that was shown `before` is kept if it still may be shown.
pub(super) fn pick(
    candidate: &Candidate,
    length: Time,
    seen: &[(Time, Time)],
    before: Option<(Time, Time)>,
) -> Option<Part> {
    let Subject::Clip(facts) = candidate.facts else { return None };
    let speed = candidate.speed();
    let length = speed.seen_in(length);
    let windows = Windows::of(facts, candidate.sound() != ClipSound::Mute);
    let may_stay = |&(from, to): &(Time, Time)| to - from == length && candidate.may_show(from, to);
    if let Some((from, to)) = before.filter(may_stay) {
        let holds = |run: &&Run| run.outer.0 <= from && to <= run.outer.1;
        if let Some(run) = candidate.runs.iter().find(holds) {
            return Some(part(facts, &windows, run, (from, to), speed));
        }
    }
    let windows = windows.with(candidate.moment);
    let (run, from) = windows.best(&candidate.runs, length, speed.seen_in(MARGIN), seen)?;
    let placed = on_picture(candidate, from, (run.start, run.end - length));
    let from = if candidate.may_show(placed, placed + length) { placed } else { from };
    Some(part(facts, &windows, &run, (from, from + length), speed))
}

/// Returns the time of the clip's frame nearest to `from`, if it is inside `within`. A movie with the same
/// frame rate, or half of it, then shows each frame for the same time.
fn on_picture(candidate: &Candidate, from: Time, within: (Time, Time)) -> Time {
    let picture = candidate.shown.probe.picture.as_ref();
    let Some(rate) = picture.and_then(|picture| picture.rate.filter(|_| !picture.variable_rate)) else {
        return from;
    };
    let nearest = rate.nearest_frame(from);
    let near = [nearest, nearest + 1, nearest - 1].map(|frame| rate.time_of(frame));
    near.into_iter().find(|time| (within.0..=within.1).contains(time)).unwrap_or(from)
}

fn part(facts: &ClipFacts, windows: &Windows, run: &Run, (from, to): (Time, Time), speed: Speed) -> Part {
    Part {
        from,
        to,
        handles: (speed.lasts(from - run.outer.0), speed.lasts(run.outer.1 - to)),
        quality: windows.quality(from, to).unwrap_or(facts.picture.look.aesthetic),
        motion: windows.motion(from, to).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::cast::Wishes;
    use mmm_base::Rate;
    use mmm_facts::sample::{clip, clip_facts, material, set_appeal};
    use mmm_facts::{SoundKind, SoundStretch, SourceShot};

    fn secs(secs: f64) -> Time {
        Time::from_secs_f64(secs)
    }

    fn picked(change: impl Fn(&mut ClipFacts), length: f64, seen: &[(Time, Time)]) -> Option<Part> {
        let mut material = material(0, 120_000);
        let mut medium = clip("a.mp4", 0, secs(20.0));
        change(clip_facts(&mut medium));
        material.media.push(medium);
        let cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        pick(&cast.candidates[0], secs(length), seen, None)
    }

    #[test]
    fn the_part_is_the_best_window_of_its_length() {
        for length in [0.5, 1.0, 2.0] {
            let part = picked(|facts| set_appeal(facts, (12.0, 14.0), 0.95), length, &[]).unwrap();
            assert!(part.from >= secs(12.0) && part.to <= secs(14.0), "{part:?}");
        }
        let part = picked(|facts| set_appeal(facts, (12.0, 14.0), 0.95), 4.0, &[]).unwrap();
        assert!(part.from <= secs(12.0) && part.to >= secs(14.0), "{part:?}");
    }

    #[test]
    fn a_part_begins_with_a_picture_of_the_clip() {
        let mut material = material(0, 120_000);
        let mut medium = clip("a.mp4", 0, secs(20.0));
        medium.probe.picture.as_mut().unwrap().rate = Some(Rate(25, 1));
        set_appeal(clip_facts(&mut medium), (12.0, 14.0), 0.95);
        material.media.push(medium);
        let cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        let part = pick(&cast.candidates[0], secs(2.0), &[], None).unwrap();
        assert_eq!((part.from, part.to), (secs(12.0), secs(14.0)));
    }

    #[test]
    fn a_part_that_was_shown_before_stays_if_it_holds_the_moment_of_the_photo() {
        let mut material = material(0, 120_000);
        material.media.push(clip("a.mp4", 0, secs(20.0)));
        let mut cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        cast.candidates[0].moment = Some(secs(10.0));
        let part = |before: (f64, f64)| {
            let before = Some((secs(before.0), secs(before.1)));
            let part = pick(&cast.candidates[0], secs(2.0), &[], before).unwrap();
            (part.from, part.to)
        };
        assert_eq!(part((9.5, 11.5)), (secs(9.5), secs(11.5)));
        let (from, to) = part((2.0, 4.0));
        assert!((from..to).contains(&secs(10.0)), "{from} to {to}");
    }

    #[test]
    fn the_part_lies_inside_one_source_shot_with_room_for_handles() {
        let split = |facts: &mut ClipFacts| {
            facts.picture.shots = vec![
                SourceShot { start: Time::ZERO, end: secs(12.5) },
                SourceShot { start: secs(12.5), end: secs(20.0) },
            ];
            set_appeal(facts, (12.6, 15.0), 0.9);
        };
        let part = picked(split, 2.0, &[]).unwrap();
        assert!(part.from >= secs(12.9) || part.to <= secs(12.1), "{part:?}");
        assert!(part.handles.0 >= MARGIN.scale(1, 2) && part.handles.1 >= MARGIN.scale(1, 2));
        assert!(picked(split, 13.0, &[]).is_none());
    }

    #[test]
    fn the_liveliest_stretch_wins_and_a_second_moment_is_another() {
        let lively = |facts: &mut ClipFacts| set_appeal(facts, (8.0, 10.0), 0.95);
        let part = picked(lively, 2.0, &[]).unwrap();
        assert_eq!((part.from, part.to), (secs(8.0), secs(10.0)));
        let second = picked(lively, 2.0, &[(part.from, part.to)]).unwrap();
        assert!(second.to <= part.from || second.from >= part.to, "{second:?}");
    }

    fn says(from: f64, to: f64) -> SoundStretch {
        let kind = SoundKind::Speech;
        SoundStretch { start: secs(from), end: secs(to), kind, confidence: Score::new(0.9) }
    }

    #[test]
    fn no_cut_falls_into_a_sentence() {
        // The best window would be in the middle of the speech.
        let talk = |facts: &mut ClipFacts| {
            set_appeal(facts, (8.0, 10.0), 0.9);
            facts.sound.sounds = vec![says(7.8, 9.4), says(9.6, 10.3), says(14.0, 15.0)];
        };
        let part = picked(talk, 3.0, &[]).unwrap();
        assert!(part.from <= secs(7.92) && part.to >= secs(10.18), "{part:?}");
        // A shot that is shorter than the sentence is placed where nobody speaks.
        let part = picked(talk, 2.0, &[]).unwrap();
        assert!(part.to <= secs(7.92) || part.from >= secs(10.18), "{part:?}");
    }
}
