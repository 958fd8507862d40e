use super::seen::Seen;
use super::streams::NO_PLAN;
use super::view_of::view_of;
use mmm_base::Rate;
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{PictureSource, Timeline};

const JOINS: Measure = Measure { name: "joins", unit: "faults" };

/// A picture moves if its pixels change by at least this many levels on average.
const MOVES: f32 = 1.0;
/// A picture jumps if it changes by more than this many times the largest change in two frames on each side.
/// An encoder under rate limits may skip a step and catch up in the next frame.
const JUMP: f32 = 1.8;

/// Returns the first frames of all segments but the first.
pub(super) fn joins(timeline: &Timeline) -> impl Iterator<Item = u32> {
    timeline.segments.iter().skip(1).map(|segment| segment.start)
}

/// Whether a frame repeats the one before: nothing changes into it, while the picture moves before and after.
pub(super) fn is_pause(seen: &Seen, frame: u32) -> bool {
    let moves = [frame.saturating_sub(1), frame + 1].iter().all(|other| seen.mean(*other) >= MOVES);
    frame >= 2 && moves && seen.changes.get(frame as usize).is_some_and(|change| change.is_none())
}

/// Counts repeated or missing frames where segments of the movie meet.
pub(super) fn figure(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(JOINS, NO_PLAN) };
    if joins(wanted.timeline).next().is_none() {
        return Figure::unmeasured(JOINS, "the movie has only one segment");
    }
    let faults: Vec<FigurePlace> = joins(wanted.timeline)
        .filter_map(|join| fault(seen, join, wanted).map(|(at, what)| FigurePlace::frame(at, rate, what)))
        .collect();
    Figure::measured(JOINS, faults.len() as f64, Limit::Most(0.0)).at(faults)
}

/// Returns the fault around the first frame of a segment and its frame, if there is one.
fn fault(seen: &Seen, join: u32, wanted: &Wanted) -> Option<(u32, &'static str)> {
    let rhythm = |frame: u32| wanted.shot_at(frame).is_some_and(|shot| wanted.has_other_rate(shot));
    let near = [join.saturating_sub(1), join, join + 1];
    if let Some(frame) = near.into_iter().find(|&frame| is_pause(seen, frame) && !rhythm(frame)) {
        return Some((frame, "repeats the frame before it"));
    }
    let jumps = is_jump(seen, join) && is_within_photos(join, wanted);
    jumps.then_some((join, "a frame is missing before it"))
}

/// Whether the picture moves farther into this frame than into any frame around it.
fn is_jump(seen: &Seen, frame: u32) -> bool {
    let others = [frame.saturating_sub(2), frame.saturating_sub(1), frame + 1, frame + 2];
    let around = others.into_iter().map(|other| seen.mean(other)).fold(0.0, f32::max);
    seen.mean(frame) >= MOVES && seen.mean(frame) > JUMP * around
}

/// Whether a join is inside an even movement: next to or within a dissolve between photos. Clips move freely,
/// and a cut is supposed to jump.
fn is_within_photos(join: u32, wanted: &Wanted) -> bool {
    let shots = &wanted.timeline.shots;
    let is_cut = shots.iter().any(|shot| shot.start == join);
    let near = shots.iter().filter(|shot| {
        let half = shot.transition.frames / 2;
        shot.start.saturating_sub(half) <= join && join <= shot.start + shot.frames
    });
    let photo = |shot: &mmm_facts::TimelineShot| {
        view_of(shot, wanted).is_some_and(|view| matches!(view.picture, PictureSource::Photo(_)))
    };
    !is_cut && near.into_iter().all(photo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::change::Change;

    fn seen(means: [f32; 5]) -> Seen {
        let change = |mean: &f32| Change { mean: *mean, most: (mean * 10.0) as u8 };
        Seen { changes: means.iter().map(change).collect(), ..Seen::default() }
    }

    #[test]
    fn a_step_of_two_frames_is_a_jump_and_a_step_that_was_made_up_for_is_none() {
        assert!(is_jump(&seen([2.9, 2.8, 5.7, 2.9, 2.8]), 2));
        assert!(!is_jump(&seen([2.9, 2.8, 4.2, 2.9, 2.8]), 2), "coded anew");
        assert!(
            !is_jump(&seen([1.1, 1.0, 3.3, 0.6, 4.1]), 2),
            "a dissolve begins, and the coder saves a step"
        );
        assert!(!is_jump(&seen([0.2, 0.2, 0.9, 0.2, 0.2]), 2), "hardly moves");
    }

    #[test]
    fn a_pause_is_told_from_a_halt_and_from_a_calm_picture() {
        assert!(is_pause(&seen([3.0, 3.0, 0.1, 4.0, 3.0]), 2));
        assert!(!is_pause(&seen([3.0, 3.0, 0.6, 4.0, 3.0]), 2), "slower, and no pause");
        assert!(!is_pause(&seen([3.0, 3.0, 0.1, 0.1, 3.0]), 2), "a halt");
        assert!(!is_pause(&seen([0.4, 0.4, 0.0, 0.4, 0.4]), 2), "hardly moves");
    }
}
