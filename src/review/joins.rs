use super::Wanted;
use super::figure::{Figure, Limit, Measure, Place};
use super::seen::Seen;
use super::stillness::view_of;
use super::streams::NO_PLAN;
use crate::base::Rate;
use crate::timeline::{Picture, Timeline};

const JOINS: Measure = Measure { name: "joins", unit: "faults" };

/// A picture moves where a point changes by so many levels in the mean.
const MOVES: f32 = 1.0;
/// It pauses where it changes by less than this share of what it does on both sides.
const PAUSE: f32 = 0.15;
/// It jumps where it changes by more than so many times what it does on both sides.
const JUMP: f32 = 1.8;

/// The first frames of all pieces but the first.
pub(super) fn joins(timeline: &Timeline) -> impl Iterator<Item = u32> {
    timeline.pieces.iter().skip(1).map(|piece| piece.start)
}

/// Whether a frame is the one before it again, while the picture moves before and after.
pub(super) fn is_pause(seen: &Seen, frame: u32) -> bool {
    let around = seen.mean(frame.saturating_sub(1)).min(seen.mean(frame + 1));
    frame >= 2 && around >= MOVES && seen.mean(frame) <= PAUSE * around
}

/// Frames that are shown twice or are missing where pieces of the movie meet.
pub(super) fn figure(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(JOINS, NO_PLAN) };
    if joins(wanted.timeline).next().is_none() {
        return Figure::unmeasured(JOINS, "the movie is of one piece");
    }
    let faults: Vec<Place> = joins(wanted.timeline)
        .filter_map(|join| fault(seen, join, wanted).map(|(at, what)| Place::frame(at, rate, what)))
        .collect();
    Figure::measured(JOINS, faults.len() as f64, Limit::Most(0.0)).at(faults)
}

/// What is wrong around the first frame of a piece, and on which frame.
fn fault(seen: &Seen, join: u32, wanted: &Wanted) -> Option<(u32, &'static str)> {
    let rhythm = |frame: u32| wanted.shot_at(frame).is_some_and(|shot| wanted.has_other_rate(shot));
    let near = [join.saturating_sub(1), join, join + 1];
    if let Some(frame) = near.into_iter().find(|&frame| is_pause_at_join(seen, frame, join) && !rhythm(frame))
    {
        return Some((frame, "the frame before it again"));
    }
    let around = seen.mean(join.saturating_sub(1)).max(seen.mean(join + 1));
    let jumps = seen.mean(join) >= MOVES && seen.mean(join) > JUMP * around;
    (jumps && is_within_photos(join, wanted)).then_some((join, "a frame is missing before it"))
}

/// A pause beside a hard cut is judged by the other side alone: the cut itself is no movement.
fn is_pause_at_join(seen: &Seen, frame: u32, join: u32) -> bool {
    if frame == join {
        return is_pause(seen, frame);
    }
    let (inner, outer) =
        if frame < join { (frame.saturating_sub(1), frame + 1) } else { (frame + 1, frame - 1) };
    let around = seen.mean(inner).min(seen.mean(outer));
    frame >= 2 && around >= MOVES && seen.mean(frame) <= PAUSE * around
}

/// Whether a join lies within a movement that is even by its making: beside a dissolve between
/// photos, or within one. Clips move as they like, and a cut is to jump.
fn is_within_photos(join: u32, wanted: &Wanted) -> bool {
    let shots = &wanted.timeline.shots;
    let is_cut = shots.iter().any(|shot| shot.start == join);
    let near = shots.iter().filter(|shot| {
        let half = shot.transition.frames / 2;
        shot.start.saturating_sub(half) <= join && join <= shot.start + shot.frames
    });
    let photo = |shot: &crate::timeline::Shot| {
        view_of(shot, wanted).is_some_and(|view| matches!(view.picture, Picture::Photo(_)))
    };
    !is_cut && near.into_iter().all(photo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::change::Change;

    #[test]
    fn a_pause_is_told_from_a_halt_and_from_a_calm_picture() {
        let seen = |means: [f32; 5]| Seen {
            changes: means.iter().map(|mean| Change { mean: *mean, most: 0 }).collect(),
            ..Seen::default()
        };
        assert!(is_pause(&seen([3.0, 3.0, 0.1, 4.0, 3.0]), 2));
        assert!(!is_pause(&seen([3.0, 3.0, 0.6, 4.0, 3.0]), 2), "slower, and no pause");
        assert!(!is_pause(&seen([3.0, 3.0, 0.1, 0.1, 3.0]), 2), "a halt");
        assert!(!is_pause(&seen([0.4, 0.4, 0.0, 0.4, 0.4]), 2), "hardly moves");
    }
}
