//! Finds pictures that freeze, and single frames that repeat within a movement.

use super::black::frames_word;
use super::joins::{is_pause, joins};
use super::run::Run;
use super::seen::Seen;
use super::view_of::view_of;
use mmm_base::Rate;
use mmm_facts::Wanted;
use mmm_facts::{Facts, MotionLevel};
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{Move, PhotoView, PictureSource, TimelineShot, Window};

const FROZEN: Measure = Measure { name: "frozen picture", unit: "s" };
const REPEATED: Measure = Measure { name: "repeated frames", unit: "frames" };

/// A picture that stays unchanged for longer than this, in seconds, is frozen.
const LONGEST_S: f64 = 0.5;
/// A move over less of a photo than this, in millionths, is meant to be barely visible.
const HARDLY: i32 = Window::UNIT / 50;
/// Repeated frames closer together than this are the rhythm of a slower source.
const RHYTHM: u32 = 12;

/// Returns the longest time in which nothing in the picture changes but something should.
pub(super) fn frozen(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let seconds = |frames: u32| f64::from(frames) * f64::from(rate.1) / f64::from(rate.0);
    // Black frames are reported separately.
    let black = |run: &Run| seen.black.iter().any(|black| overlaps(black, run));
    let mut runs: Vec<Run> = seen.still.iter().filter(|run| !black(run)).copied().collect();
    if let Some(wanted) = wanted {
        runs = runs.iter().flat_map(|run| moving_parts(*run, wanted)).collect();
    }
    runs.sort_by_key(|run| (std::cmp::Reverse(run.frames), run.start));
    let longest = runs.first().map_or(0, |run| run.frames);
    let frozen = runs.iter().filter(|run| seconds(run.frames) > LONGEST_S);
    let places =
        frozen.map(|run| FigurePlace::frame(run.start, rate, format!("{} alike", frames_word(run.frames))));
    Figure::measured(FROZEN, seconds(longest), Limit::Most(LONGEST_S)).at(places)
}

fn overlaps(one: &Run, other: &Run) -> bool {
    one.start < other.start + other.frames && other.start < one.start + one.frames
}

/// Returns the parts of a range that are in shots where something should move.
fn moving_parts(run: Run, wanted: &Wanted) -> Vec<Run> {
    let end = run.start + run.frames;
    let mut parts: Vec<Run> = Vec::new();
    for shot in &wanted.timeline.shots {
        let (from, to) = (shot.start.max(run.start), (shot.start + shot.frames).min(end));
        if from < to && !is_still(shot, wanted) {
            match parts.last_mut() {
                Some(last) if last.start + last.frames == from => last.frames += to - from,
                _ => parts.push(Run { start: from, frames: to - from }),
            }
        }
    }
    // Frames after the last shot are always a fault of the file.
    let over = end.saturating_sub(wanted.timeline.frames.max(run.start));
    if over > 0 {
        parts.push(Run { start: end - over, frames: over });
    }
    parts
}

/// Whether the plan shows something in this shot that doesn't move.
fn is_still(shot: &TimelineShot, wanted: &Wanted) -> bool {
    let facts = wanted.medium(&shot.shot.source.path);
    let facts = facts.map(|medium| &medium.seen_as(shot.shot.source.kind).facts);
    match (facts, view_of(shot, wanted).map(|view| &view.picture)) {
        (_, Some(PictureSource::Photo(PhotoView { motion, .. }))) => travel(motion) < HARDLY,
        (Some(Facts::Clip(clip)), _) => clip.picture.motion == MotionLevel::Static,
        _ => false,
    }
}

/// Returns how far the fastest edge of a move's window travels, in millionths.
fn travel(motion: &Move) -> i32 {
    let (from, to) = (motion.from, motion.to);
    let ends = |window: Window| [window.x, window.y, window.x + window.width, window.y + window.height];
    ends(from).into_iter().zip(ends(to)).map(|(a, b)| (a - b).abs()).max().unwrap_or(0)
}

/// Counts frames that repeat within a movement, except at joins, which have a figure of their own.
pub(super) fn repeated(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let paused: Vec<u32> = (1..seen.frames()).filter(|frame| is_pause(seen, *frame)).collect();
    let alone = |at: usize| {
        let near = |other: Option<&u32>| other.is_some_and(|other| other.abs_diff(paused[at]) <= RHYTHM);
        !near(at.checked_sub(1).and_then(|before| paused.get(before))) && !near(paused.get(at + 1))
    };
    let judged = |frame: u32| {
        wanted.is_none_or(|wanted| {
            // Over a picture that stands still, only a text fades.
            let exempt = |shot| wanted.has_other_rate(shot) || is_still(shot, wanted);
            !wanted.shot_at(frame).is_some_and(exempt)
                && !joins(wanted.timeline).any(|join| join.abs_diff(frame) <= 1)
        })
    };
    let found: Vec<u32> = (0..paused.len()).filter(|at| alone(*at)).map(|at| paused[at]).collect();
    let found: Vec<u32> = found.into_iter().filter(|frame| judged(*frame)).collect();
    let places = found.iter().map(|frame| FigurePlace::frame(*frame, rate, "repeats the frame before it"));
    Figure::measured(REPEATED, found.len() as f64, Limit::Most(0.0)).at(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::change::Change;
    use mmm_facts::Verdict;

    fn seen(means: &[f32]) -> Seen {
        let change = |mean: &f32| Change { mean: *mean, most: (mean * 10.0) as u8 };
        Seen { changes: means.iter().map(change).collect(), ..Seen::default() }
    }

    #[test]
    fn a_frame_that_comes_twice_in_a_movement_is_told() {
        let mut means = [2.0; 40];
        means[20] = 0.1;
        let figure = repeated(&seen(&means), Rate(30, 1), None);
        assert_eq!((figure.value, figure.places[0].frame), (Some(1.0), 20));
        means[21] = 0.0;
        assert_eq!(
            repeated(&seen(&means), Rate(30, 1), None).value,
            Some(0.0),
            "a halt, and no repeated frame"
        );
        let rhythm: Vec<f32> = (0..40).map(|n| if n % 5 == 3 { 0.1 } else { 2.0 }).collect();
        assert_eq!(repeated(&seen(&rhythm), Rate(30, 1), None).value, Some(0.0), "24 frames a second in 30");
        let slow: Vec<f32> = (0..40).map(|n| if n == 20 { 0.0 } else { 0.3 }).collect();
        assert_eq!(repeated(&seen(&slow), Rate(30, 1), None).value, Some(0.0), "hardly moves");
    }

    #[test]
    fn more_than_half_a_second_is_frozen_but_black_is_black() {
        let run = |start, frames| Run { start, frames };
        let still = |runs: Vec<Run>| Seen { still: runs, black: vec![run(90, 5)], ..Seen::default() };
        let figure = frozen(&still(vec![run(3, 15), run(90, 40)]), Rate(30, 1), None);
        assert_eq!((figure.value, figure.verdict()), (Some(0.5), Verdict::Passes));
        let figure = frozen(&still(vec![run(3, 15), run(40, 16)]), Rate(30, 1), None);
        assert_eq!((figure.value, figure.verdict(), figure.places.len()), (Some(0.533), Verdict::Fails, 1));
    }
}
