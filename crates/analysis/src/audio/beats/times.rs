use std::ops::Range;

use super::evidence::Evidence;
use crate::audio::curves::{mean, median, quantile, sums};
use crate::audio::track::FRAMES_HZ;

/// Weight of a beat without a peak of its own.
const LEAST_WEIGHT: f64 = 0.02;
/// The least activation that counts as a peak.
const LEAST_PEAK: f64 = 0.05;
/// Only beats with more than this weight decide whether a range is steady.
const VOTES: f64 = 0.1;
/// The least share of beats that must decide.
const LEAST_VOTES: f64 = 0.4;
/// Tolerance in seconds around the line of a steady range: four of five beats are within it, nearly all
/// within three times as much.
const NEAR_S: f64 = 0.018;
/// The shortest steady range, and by how much it grows, in beats.
const LEAST_STEADY: usize = 16;
const GROWTH: usize = 8;
/// Outside steady ranges, a beat is placed on the line through this many beats on both sides.
const SIDE: usize = 4;
/// The least distance of two beats, in seconds.
const LEAST_DISTANCE_S: f64 = 0.05;

/// Returns the times of beats (given in frames) in seconds: at the nearby peaks of the activation, and on a
/// line where they are steady.
pub(super) fn times(evidence: &Evidence<'_>, beats: &[f64]) -> Vec<f64> {
    let (seconds, weights) = at_the_peaks(evidence, beats);
    smooth(&seconds, &weights)
}

/// Returns each beat at the peak of the activation within two frames, refined by a parabola, and the
/// activation there as its weight.
fn at_the_peaks(evidence: &Evidence<'_>, beats: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let all: Vec<f64> = evidence.activation.iter().map(|both| both[0] + both[1]).collect();
    beats
        .iter()
        .map(|beat| {
            let middle = evidence.index(*beat);
            let (from, to) = (middle.saturating_sub(2).max(1), (middle + 2).min(all.len().saturating_sub(2)));
            let plain = (beat / FRAMES_HZ, LEAST_WEIGHT);
            let Some(peak) = (from..=to).reduce(|best, i| if all[i] > all[best] { i } else { best }) else {
                return plain;
            };
            let (before, at, after) = (all[peak - 1], all[peak], all[peak + 1]);
            let bend = before - 2.0 * at + after;
            if at <= LEAST_PEAK || at < before || at < after || bend >= 0.0 {
                return plain;
            }
            let off = (0.5 * (before - after) / bend).clamp(-0.5, 0.5);
            ((peak as f64 + off) / FRAMES_HZ, at.max(LEAST_WEIGHT))
        })
        .unzip()
}

/// Moves beats of steady ranges onto the line through them, and other beats onto the line through their
/// neighbours.
fn smooth(seconds: &[f64], weights: &[f64]) -> Vec<f64> {
    let count = seconds.len();
    let mut out = seconds.to_vec();
    for (n, out) in out.iter_mut().enumerate() {
        let near = n.saturating_sub(SIDE)..(n + SIDE + 1).min(count);
        if near.len() >= SIDE {
            *out = Line::through(seconds, weights, near).at(n);
        }
    }
    for stretch in steady_stretches(seconds, weights) {
        let line = Line::through(seconds, weights, stretch.clone());
        for n in stretch {
            out[n] = line.at(n);
        }
    }
    for n in 1..count {
        out[n] = out[n].max(out[n - 1] + LEAST_DISTANCE_S);
    }
    out
}

fn steady_stretches(seconds: &[f64], weights: &[f64]) -> Vec<Range<usize>> {
    let count = seconds.len();
    let fits =
        |range: Range<usize>| Line::through(seconds, weights, range.clone()).fits(seconds, weights, range);
    if count >= LEAST_STEADY && fits(0..count) {
        return std::iter::once(0..count).collect();
    }
    let mut stretches = Vec::new();
    let mut from = 0;
    while from + LEAST_STEADY <= count {
        if !fits(from..from + LEAST_STEADY) {
            from += 1;
            continue;
        }
        let mut to = from + LEAST_STEADY;
        while to < count && fits(from..(to + GROWTH).min(count)) {
            to = (to + GROWTH).min(count);
        }
        stretches.push(from..to);
        from = to;
    }
    stretches
}

/// A line through times: `start + period · n`.
struct Line {
    start: f64,
    period: f64,
}

impl Line {
    /// Fits a line through the beats of a range, by least squares with `weights`. Twice, outliers beyond
    /// three times the median distance (at least 10 ms) get nearly no weight.
    fn through(seconds: &[f64], weights: &[f64], range: Range<usize>) -> Self {
        let mut own: Vec<f64> = weights[range.clone()].to_vec();
        let mut line = Self::fit(seconds, &own, &range);
        for _ in 0..2 {
            let off: Vec<f64> = range.clone().map(|n| (seconds[n] - line.at(n)).abs()).collect();
            let far = (3.0 * median(&off)).max(0.010);
            for (i, n) in range.clone().enumerate() {
                own[i] = if off[i] < far { weights[n] } else { weights[n] * 0.01 };
            }
            line = Self::fit(seconds, &own, &range);
        }
        line
    }

    fn fit(seconds: &[f64], weights: &[f64], range: &Range<usize>) -> Self {
        let points = || range.clone().zip(weights).map(|(n, weight)| (n as f64, seconds[n], *weight));
        let all: f64 = weights.iter().sum();
        let place = points().map(|(n, _, weight)| weight * n).sum::<f64>() / all;
        let time = points().map(|(_, time, weight)| weight * time).sum::<f64>() / all;
        let (mut both, mut square) = (0.0, 0.0);
        for (n, second, weight) in points() {
            both += weight * (n - place) * (second - time);
            square += weight * (n - place) * (n - place);
        }
        let period = if square > 0.0 { both / square } else { 0.0 };
        Self { start: time - period * place, period }
    }

    fn at(&self, n: usize) -> f64 {
        self.start + self.period * n as f64
    }

    /// Whether the beats of a range are steady; beats without a peak of their own don't count.
    fn fits(&self, seconds: &[f64], weights: &[f64], range: Range<usize>) -> bool {
        let voters = range.clone().filter(|n| weights[*n] > VOTES);
        let off: Vec<f64> = voters.map(|n| (seconds[n] - self.at(n)).abs()).collect();
        off.len() as f64 >= LEAST_VOTES * range.len() as f64
            && quantile(&off, 0.8) < NEAR_S
            && quantile(&off, 0.95) < 3.0 * NEAR_S
    }
}

/// Returns the confidence of each beat, 0..=1: how much of the activation falls on the nine beats around it.
/// A flat activation has as much between them.
pub(super) fn confidence(evidence: &Evidence<'_>, beats: &[f64]) -> Vec<f64> {
    let all: Vec<f64> = evidence.activation.iter().map(|both| both[0] + both[1]).collect();
    let (top, sums) = (evidence.near(|both| both[0] + both[1]), sums(&all));
    let frames: Vec<usize> = beats.iter().map(|beat| evidence.index(*beat)).collect();
    (0..frames.len())
        .map(|n| {
            let near = &frames[n.saturating_sub(SIDE)..(n + SIDE + 1).min(frames.len())];
            let on = mean(&near.iter().map(|frame| top[*frame]).collect::<Vec<f64>>());
            let (from, to) = (near[0], near[near.len() - 1].max(near[0] + 1).min(all.len()));
            let mean = (sums[to] - sums[from]) / (to - from).max(1) as f64;
            ((on - 1.5 * mean) / 0.5).clamp(0.0, 1.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_pulse_becomes_a_line_and_a_stray_beat_goes_back_to_it() {
        let mut seconds: Vec<f64> = (0..40).map(|n| 0.5 * f64::from(n) + 0.01 * f64::from(n % 2)).collect();
        seconds[20] += 0.12;
        let found = smooth(&seconds, &[0.8; 40]);
        assert!((found[20] - 10.005).abs() < 0.002, "{}", found[20]);
        let steps: Vec<f64> = found.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| (step - steps[0]).abs() < 1e-9), "{steps:?}");
    }

    #[test]
    fn players_are_followed() {
        // Each beat 0.3 % longer than the last: there is no line, and no beat may be misplaced.
        let mut seconds = vec![0.0];
        for n in 0..40 {
            seconds.push(seconds[n] + 0.4 * 1.003f64.powi(n as i32));
        }
        let found = smooth(&seconds, &[0.8; 41]);
        let off = found.iter().zip(&seconds).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // A frame of the activation is 20 ms.
        assert!(off < 0.025, "{off}");
    }
}
