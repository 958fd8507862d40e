use std::ops::Range;

use super::pulse::Pulse;
use crate::audio::curves::{median, moving_max};

/// The least number of beats in a steady range.
const LEAST_BEATS: usize = 12;
/// The largest relative difference of a period in a steady range from the usual one.
const SAME_TEMPO: f64 = 0.03;
/// The least share of all beats that must be in steady ranges.
const LEAST_STEADY: f64 = 0.8;
/// The most beats between two ranges.
const MOST_BETWEEN: f64 = 20.0;
/// Two ranges are off-phase if they are this far apart, in periods.
const HALF_APART: Range<f64> = 0.35..0.65;
/// Two ranges are in phase if they are at most this far apart, in periods.
const SAME_PHASE: f64 = 0.2;

/// Puts the beats of a steady tempo on one phase.
///
/// Music of one tempo doesn't shift its beat by half a period, but a search that is temporarily drawn to the
/// off-beat does. If the pulse leaves its tempo for a few beats and returns to it half a period off, all
/// beats are moved to the phase whose ranges have more `activation`. Anything else stays unchanged.
pub(super) fn unglide(activation: &[f64], pulse: Pulse) -> Vec<f64> {
    one_phase(activation, &pulse).unwrap_or(pulse.beats)
}

fn one_phase(activation: &[f64], pulse: &Pulse) -> Option<Vec<f64>> {
    let usual = median(&pulse.periods);
    let stretches = steady(&pulse.periods, usual);
    let held: usize = stretches.iter().map(Range::len).sum();
    if stretches.len() < 2 || (held as f64) < LEAST_STEADY * pulse.beats.len() as f64 {
        return None;
    }
    let phases = phases(&pulse.beats, &stretches)?;
    if !phases.contains(&true) {
        return None;
    }
    let near = moving_max(activation, 2);
    let mut weight = [0.0; 2];
    for (stretch, phase) in stretches.iter().zip(&phases) {
        weight[usize::from(*phase)] +=
            pulse.beats[stretch.clone()].iter().map(|beat| at(&near, *beat)).sum::<f64>();
    }
    let kept = weight[1] > weight[0];
    let mut beats = joined(&pulse.beats, &stretches, &phases, kept, usual);
    to_the_ends(&mut beats, pulse.beats[0], pulse.beats[pulse.beats.len() - 1], usual);
    Some(beats)
}

fn at(values: &[f64], frame: f64) -> f64 {
    let last = values.len().saturating_sub(1);
    values.get((frame.round().max(0.0) as usize).min(last)).copied().unwrap_or(0.0)
}

/// Returns the ranges of beats with the usual period.
fn steady(periods: &[f64], usual: f64) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = None;
    for n in 0..=periods.len() {
        let same = periods.get(n).is_some_and(|period| (period / usual - 1.0).abs() < SAME_TEMPO);
        match (same, start) {
            (true, None) => start = Some(n),
            (false, Some(from)) => {
                if n - from >= LEAST_BEATS {
                    stretches.push(from..n);
                }
                start = None;
            }
            _ => {}
        }
    }
    stretches
}

/// Returns, for each range, whether it is half a period off the first one; `None` if two of them are neither
/// in phase nor half a period apart.
fn phases(beats: &[f64], stretches: &[Range<usize>]) -> Option<Vec<bool>> {
    let lines: Vec<(f64, f64)> = stretches.iter().map(|stretch| line(beats, stretch)).collect();
    let mut phases = vec![false];
    for (pair, line) in stretches.windows(2).zip(lines.windows(2)) {
        let (last, first) = (pair[0].end - 1, pair[1].start);
        if (first - last) as f64 - 1.0 > MOST_BETWEEN {
            return None;
        }
        let period = 0.5 * (line[0].1 + line[1].1);
        let gap = (line[1].0 + line[1].1 * first as f64) - (line[0].0 + line[0].1 * last as f64);
        let phase = (gap / period).rem_euclid(1.0);
        let before = phases[phases.len() - 1];
        if HALF_APART.contains(&phase) {
            phases.push(!before);
        } else if !(SAME_PHASE..=1.0 - SAME_PHASE).contains(&phase) {
            phases.push(before);
        } else {
            return None;
        }
    }
    Some(phases)
}

/// Fits a line through the beats of a range by least squares: returns the position of beat 0 and the period.
fn line(beats: &[f64], stretch: &Range<usize>) -> (f64, f64) {
    let count = stretch.len() as f64;
    let middle = (stretch.start + stretch.end - 1) as f64 / 2.0;
    let mean = beats[stretch.clone()].iter().sum::<f64>() / count;
    let (mut both, mut square) = (0.0, 0.0);
    for n in stretch.clone() {
        let place = n as f64 - middle;
        both += place * (beats[n] - mean);
        square += place * place;
    }
    let period = if square > 0.0 { both / square } else { 0.0 };
    (mean - period * middle, period)
}

/// Returns the beats of all ranges on the kept phase, and evenly spaced ones between them.
fn joined(beats: &[f64], stretches: &[Range<usize>], phases: &[bool], kept: bool, usual: f64) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::with_capacity(beats.len() + 8);
    for (i, (stretch, phase)) in stretches.iter().zip(phases).enumerate() {
        let own = &beats[stretch.clone()];
        let right: Vec<f64> = if *phase == kept {
            own.to_vec()
        } else {
            own.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect()
        };
        if i == 0 && *phase == kept {
            out.extend_from_slice(&beats[..stretch.start]);
        }
        if let (Some(&last), Some(&first)) = (out.last(), right.first()) {
            let count = ((first - last) / usual).round().max(1.0);
            out.extend((1..count as usize).map(|n| last + (first - last) * n as f64 / count));
        }
        out.extend(right);
    }
    if phases.last() == Some(&kept)
        && let Some(last) = stretches.last()
    {
        out.extend_from_slice(&beats[last.end..]);
    }
    out
}

/// Extends the beats with the usual period to where the original ones began and ended.
fn to_the_ends(beats: &mut Vec<f64>, first: f64, last: f64, usual: f64) {
    if beats.is_empty() || usual <= 0.0 {
        return;
    }
    let mut before = Vec::new();
    let mut time = beats[0] - usual;
    while time >= first - 0.25 * usual {
        before.push(time);
        time -= usual;
    }
    before.reverse();
    beats.splice(0..0, before);
    let mut time = beats[beats.len() - 1] + usual;
    while time <= last + 0.25 * usual {
        beats.push(time);
        time += usual;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_on_the_off_beat_goes_to_the_phase_of_the_rest() {
        let mut beats: Vec<f64> = (0..40).map(|n| 25.0 * f64::from(n)).collect();
        beats.extend((0..20).map(|n| 1012.5 + 25.0 * f64::from(n)));
        beats.extend((0..40).map(|n| 1525.0 + 25.0 * f64::from(n)));
        let mut periods = vec![25.0; 100];
        (periods[40], periods[60]) = (30.0, 30.0);
        let activation = vec![0.5; 2600];
        let found = unglide(&activation, Pulse { beats, periods });
        assert!(found.iter().all(|beat| (beat / 25.0 - (beat / 25.0).round()).abs() < 0.02), "{found:?}");
        assert_eq!(found.len(), 101);
    }

    #[test]
    fn beats_that_never_glide_stay() {
        let beats: Vec<f64> = (0..60).map(|n| 25.0 * f64::from(n)).collect();
        let found = unglide(&[0.5; 1600], Pulse { beats: beats.clone(), periods: vec![25.0; 60] });
        assert_eq!(found, beats);
    }
}
