use super::seen::Seen;
use super::streams::NO_PLAN;
use mmm_base::{Rate, Time};
use mmm_facts::TimelineShot;
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};

const CUTS: Measure = Measure { name: "cut error", unit: "frames" };

/// The largest distance of a cut from its beat, in frames.
const MOST: f64 = 0.5;
/// Frames on each side of a planned cut in which the change of picture is searched.
const SEARCH: u32 = 8;
/// A cut changes pixels by at least this many levels on average.
const LEAST_CHANGE: f32 = 4.0;
/// A cut changes the picture at least this many times as much as any frame around it.
const STANDS_OUT: f32 = 3.0;

/// Measures, for every hard cut, how far the change of picture is from the beat.
pub(super) fn figure(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(CUTS, NO_PLAN) };
    let shots = &wanted.timeline.shots;
    let hard: Vec<usize> = (1..shots.len()).filter(|&index| shots[index].transition.frames == 0).collect();
    let mut errors: Vec<(f64, FigurePlace)> = Vec::new();
    for &index in &hard {
        let Some(found) = find(seen, &shots[index - 1], &shots[index]) else { continue };
        let beat = shots[index].shot.start;
        let error = error_in_frames(found, beat, rate);
        let what = format!("{error:+.2} frames from {:.3} s", beat.secs());
        errors.push((error.abs(), FigurePlace::frame(found, rate, what)));
    }
    let soft = shots.len().saturating_sub(1) - hard.len();
    let note = format!(
        "{} of {} hard cuts seen; {soft} dissolves have no frame of their own",
        errors.len(),
        hard.len()
    );
    let worst = errors.iter().map(|(error, _)| *error).fold(0.0, f64::max);
    if errors.is_empty() {
        return Figure::unmeasured(CUTS, note);
    }
    errors.sort_by(|a, b| b.0.total_cmp(&a.0));
    let places = errors.into_iter().map(|(_, place)| place);
    Figure::measured(CUTS, worst, Limit::Most(MOST)).note(note).at(places)
}

/// Returns how many frames the cut on frame `found` comes after `beat`.
fn error_in_frames(found: u32, beat: Time, rate: Rate) -> f64 {
    let beat = beat.micros() as f64 / 1e6 * f64::from(rate.0) / f64::from(rate.1);
    f64::from(found) - beat
}

/// Returns the frame on which the picture changes from one shot to the next; `None` if no frame stands out,
/// as between two similar pictures.
fn find(seen: &Seen, before: &TimelineShot, after: &TimelineShot) -> Option<u32> {
    // Half of a dissolve at the other end of the shot must be excluded.
    let room_before = before.frames.saturating_sub(before.transition.frames / 2 + 1);
    let reach = SEARCH.min(room_before / 2).min(after.frames.saturating_sub(1) / 2);
    let frames = after.start.saturating_sub(reach).max(1)..=after.start + reach;
    let change = |frame: &u32| seen.mean(*frame);
    let found = frames.clone().max_by(|a, b| change(a).total_cmp(&change(b)))?;
    let second = frames.filter(|frame| *frame != found).map(|frame| change(&frame)).fold(0.0, f32::max);
    let most = change(&found);
    (most >= LEAST_CHANGE && most >= STANDS_OUT * second).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_distance_of_frame_and_beat() {
        let rate = Rate(30, 1);
        assert_eq!(error_in_frames(45, Time::from_millis(1500), rate), 0.0);
        assert!((error_in_frames(47, Time::from_micros(1_510_000), rate) - 1.7).abs() < 1e-9);
        assert!((error_in_frames(44, Time::from_millis(1500), rate) + 1.0).abs() < 1e-9);
    }
}
