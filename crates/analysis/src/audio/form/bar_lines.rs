use mmm_facts::Beat;

use crate::audio::track::FRAMES_HZ;

/// Length of a bar in music without beats, in frames: 2 s.
const PLAIN_BAR: f64 = 2.0 * FRAMES_HZ;
/// With fewer lines there is no grid.
const LEAST_LINES: usize = 4;
/// Beats per bar if only the beats are known.
const BEATS_A_BAR: usize = 4;
/// The shortest bar, in frames: half a second.
const LEAST_BAR: f64 = 0.5 * FRAMES_HZ;
/// A gap of more than this many bars is missing lines, which are inserted evenly.
const GAP_BARS: f64 = 2.5;
/// Music before the first line that is longer than this share of a bar is a bar of its own.
const LEAST_UPBEAT: f64 = 0.6;
/// Music after the last line that is longer than this, in frames, is a bar of its own.
const LEAST_TAIL: f64 = 1.0 * FRAMES_HZ;

/// Returns the bar lines of a track of `frames` frames, as frames, ascending, including the end of the last
/// bar. Lines are the downbeats, every fourth beat if the bars are unknown, or every 2 s if there are no
/// beats. Returns at least two lines, or none if there are no frames.
pub fn bar_lines(beats: &[Beat], frames: usize) -> Vec<f64> {
    let end = frames as f64;
    if frames == 0 {
        return Vec::new();
    }
    let known = known_lines(beats, end);
    let bar = median_step(&known);
    let mut lines = Vec::with_capacity(known.len() + 2);
    if known.first().is_none_or(|first| *first > LEAST_UPBEAT * bar) {
        lines.push(0.0);
    }
    for line in known {
        fill_to(&mut lines, line, bar);
    }
    if lines.len() < 2 || lines.last().is_some_and(|last| end - last > LEAST_TAIL) {
        fill_to(&mut lines, end, bar);
    }
    lines
}

/// Returns the lines that the beats give; none if there are too few.
fn known_lines(beats: &[Beat], end: f64) -> Vec<f64> {
    let bars: Vec<f64> = frames_of(beats.iter().filter(|beat| beat.position == Some(1)), end);
    let lines =
        if bars.len() >= LEAST_LINES { bars } else { frames_of(beats.iter().step_by(BEATS_A_BAR), end) };
    if lines.len() >= LEAST_LINES { lines } else { Vec::new() }
}

/// Returns the times of `beats` in frames; only those inside the music and in ascending order.
fn frames_of<'a>(beats: impl Iterator<Item = &'a Beat>, end: f64) -> Vec<f64> {
    let mut lines: Vec<f64> = Vec::new();
    for frame in beats.map(|beat| beat.time.secs() * FRAMES_HZ) {
        let after = lines.last().map_or(0.0, |last| last + LEAST_BAR);
        if frame >= after && frame < end {
            lines.push(frame);
        }
    }
    lines
}

/// Returns the usual length of a bar, in frames.
fn median_step(lines: &[f64]) -> f64 {
    let mut steps: Vec<f64> = lines.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(PLAIN_BAR)
}

/// Appends `line`, and before it the missing lines of a long gap.
fn fill_to(lines: &mut Vec<f64>, line: f64, bar: f64) {
    if let Some(last) = lines.last().copied()
        && line - last > GAP_BARS * bar
    {
        let parts = ((line - last) / bar).round();
        lines.extend((1..parts as usize).map(|part| last + (line - last) * part as f64 / parts));
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{Score, Time};

    fn beats(millis: impl Iterator<Item = i64>, meter: Option<u8>) -> Vec<Beat> {
        let position = |i: usize| meter.map(|meter| (i % usize::from(meter)) as u8 + 1);
        let beat =
            |(i, ms)| Beat { time: Time::from_millis(ms), position: position(i), confidence: Score::ONE };
        millis.enumerate().map(beat).collect()
    }

    #[test]
    fn downbeats_are_lines_and_a_long_way_to_the_first_is_filled() {
        // Beats every 0.5 s from 10 s on: bars of 2 s, and five bars before them.
        let lines = bar_lines(&beats((0..41).map(|i| 10_000 + 500 * i), Some(4)), 1550);
        assert_eq!(
            lines,
            (0..=15).map(|i| f64::from(i) * 100.0).chain([1550.0]).take(16).collect::<Vec<_>>()
        );
    }

    #[test]
    fn without_bars_every_fourth_beat_and_without_beats_two_seconds() {
        assert_eq!(bar_lines(&beats((0..17).map(|i| 400 * i), None), 340), [0.0, 80.0, 160.0, 240.0, 320.0]);
        assert_eq!(bar_lines(&[], 470), [0.0, 94.0, 188.0, 282.0, 376.0, 470.0]);
        assert_eq!(bar_lines(&[], 3), [0.0, 3.0]);
        assert!(bar_lines(&[], 0).is_empty());
    }

    #[test]
    fn times_that_go_backwards_are_left_out() {
        let wild = [500, 2500, 2500, 1000, 4500, 6500, 99_000_000];
        let lines = bar_lines(&beats(wild.into_iter(), Some(1)), 400);
        assert_eq!(lines, [25.0, 125.0, 225.0, 325.0, 400.0]);
    }
}
