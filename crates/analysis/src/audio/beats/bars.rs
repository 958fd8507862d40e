use super::evidence::Evidence;
use crate::audio::curves::{largest, mean, median, moving_max, standard, steps};

/// A state of the search: a beat's meter, its place in the bar, and the state of the beat before it.
struct State {
    place: Place,
    before: usize,
    /// Beats in the bar.
    beats: u8,
}

/// Weights of the models' downbeats, changes of harmony, and bass.
const WEIGHTS: [f64; 3] = [0.6, 0.6, 0.2];
/// Cost of a change of phase or meter.
const JUMP: f64 = 25.0;
/// Costs of bars of other than four beats: once, and per beat.
const NOT_FOUR: f64 = 3.0;
const NOT_FOUR_A_BEAT: f64 = 0.1;
/// Cost per beat of 6/8, lower than that of 3/4: 6/8 contains two bars of three.
const SIX_A_BEAT: f64 = 0.08;
/// If beats consist of three parts, the spectrum rises more than this many times as much at the thirds of a
/// beat as at its half.
const MORE_AT_THIRDS: f64 = 1.5;
/// Shorter beats, in frames, are parts of a beat themselves, so they don't consist of three parts.
const LEAST_OF_THREE: f64 = 18.0;
/// Only beats shorter than this, in frames, may be the eighths of 6/8 themselves.
const MOST_EIGHTH: f64 = 22.0;

/// A beat's meter and its place in the bar, 1 on the downbeat. In 6/8 the eighths are counted: beats of three
/// eighths are at 1 and 4.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub meter: u8,
    pub position: u8,
}

impl Place {
    /// Returns the place of the beat before, as far away as `next` is after.
    pub fn before(self, next: Self) -> Self {
        let (position, meter) = (i32::from(self.position), i32::from(self.meter.max(1)));
        let step = i32::from(next.position) - position;
        Self { position: ((position - 1 - step).rem_euclid(meter) + 1) as u8, ..self }
    }
}

/// Returns the places of `beats` (in frames) in their bars, by a Viterbi search over beats. It allows bars of
/// four and three beats, and of 6/8 if the beats consist of three parts or may be its eighths. A bar begins
/// where the models detect a downbeat, the harmony changes and the bass is struck (Goto, "An audio-based
/// real-time beat tracking system", 2001).
pub(super) fn bars(evidence: &Evidence<'_>, beats: &[f64]) -> Vec<Place> {
    let gains: Vec<f64> = downbeat_evidence(evidence, beats);
    if beats.is_empty() {
        return Vec::new();
    }
    let states = states(step_in_six(evidence, beats));
    let gain = |state: &State, n: usize| {
        let cost = match state.beats {
            4 => 0.0,
            6 => SIX_A_BEAT,
            _ => NOT_FOUR_A_BEAT,
        };
        if state.place.position == 1 {
            gains[n] - cost
        } else {
            -gains[n] / f64::from(state.beats - 1) - cost
        }
    };
    let first = |state: &State| gain(state, 0) - if state.beats == 4 { 0.0 } else { NOT_FOUR };
    let mut scores: Vec<f64> = states.iter().map(first).collect();
    let mut back = vec![vec![0usize; states.len()]; beats.len()];
    for (n, back) in back.iter_mut().enumerate().skip(1) {
        let top = largest(&scores);
        let jump = scores[top] - JUMP;
        let before = scores.clone();
        for (at, state) in states.iter().enumerate() {
            let on = before[state.before];
            back[at] = if on >= jump { state.before } else { top };
            scores[at] = on.max(jump) + gain(state, n);
        }
    }
    let mut state = largest(&scores);
    let mut places = Vec::with_capacity(beats.len());
    for back in back.iter().rev() {
        places.push(states[state].place);
        state = back[state];
    }
    places.reverse();
    places
}

/// Returns the states of bars of four and three beats, and of 6/8 with a beat every `step_in_six` eighths.
fn states(step_in_six: Option<u8>) -> Vec<State> {
    let mut states = Vec::new();
    let six = step_in_six.map(|step| (6, step));
    for (meter, step) in [(4, 1), (3, 1)].into_iter().chain(six) {
        let (first, beats) = (states.len(), meter / step);
        for n in 0..beats {
            let before = first + usize::from((n + beats - 1) % beats);
            states.push(State { place: Place { meter, position: n * step + 1 }, before, beats });
        }
    }
    states
}

/// Returns how many eighths a beat would have in 6/8: three if both thirds of the beats are more pronounced
/// than their half, else one if the beats are short enough.
fn step_in_six(evidence: &Evidence<'_>, beats: &[f64]) -> Option<u8> {
    let rise = moving_max(&evidence.flux, 1);
    let at = |share: f64| {
        let rises = beats.windows(2).map(|pair| rise[evidence.index(pair[0] + share * (pair[1] - pair[0]))]);
        mean(&rises.collect::<Vec<f64>>())
    };
    let period = median(&steps(beats));
    if period >= LEAST_OF_THREE && at(1.0 / 3.0).min(at(2.0 / 3.0)) > MORE_AT_THIRDS * at(0.5) {
        Some(3)
    } else {
        (period < MOST_EIGHTH).then_some(1)
    }
}

/// Returns how much each beat resembles the first of a bar; about zero on average.
fn downbeat_evidence(evidence: &Evidence<'_>, beats: &[f64]) -> Vec<f64> {
    let frames: Vec<usize> = beats.iter().map(|frame| evidence.index(*frame)).collect();
    let (down, beat) = (evidence.near(|both| both[1]), evidence.near(|both| both[0]));
    let nets: Vec<f64> =
        frames.iter().map(|i| ((down[*i] + 0.02) / (beat[*i] + 0.02)).ln().clamp(-3.0, 3.0)).collect();
    let nets_mean = mean(&nets);
    let harmony = moving_max(&evidence.harmony, 1);
    let harmony = standard(&frames.iter().map(|i| harmony[*i]).collect::<Vec<f64>>());
    let (low, floor) = (moving_max(&evidence.low, 2), 0.02 * mean(&evidence.low) + 1e-6);
    let low = standard(&frames.iter().map(|i| (low[*i] + floor).ln()).collect::<Vec<f64>>());
    (0..frames.len())
        .map(|n| WEIGHTS[0] * (nets[n] - nets_mean) + WEIGHTS[1] * harmony[n] + WEIGHTS[2] * low[n])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::track::SpectralTrack;

    /// Returns the places of beats `period` frames apart, every `bar`-th of which the models detect as a
    /// downbeat; the spectrum rises at the beats and at `parts` of them.
    fn places(period: usize, bar: usize, parts: &[f64]) -> Vec<Place> {
        let beats: Vec<usize> = (0..60).map(|n| 10 + n * period).collect();
        let frames = 20 + 60 * period;
        let mut track = SpectralTrack { chroma: vec![[1.0; 12]; frames], ..SpectralTrack::default() };
        (track.flux, track.low) = (vec![0.01; frames], vec![0.01; frames]);
        let mut activation = vec![[0.01, 0.01]; frames];
        for (n, beat) in beats.iter().enumerate() {
            activation[*beat] = if n % bar == 0 { [0.2, 0.7] } else { [0.7, 0.2] };
            for part in [0.0].iter().chain(parts) {
                track.flux[beat + (part * period as f64).round() as usize] = 0.5;
            }
        }
        let beats: Vec<f64> = beats.into_iter().map(|beat| beat as f64).collect();
        bars(&Evidence::new(&activation, &track), &beats)
    }

    #[test]
    fn bars_of_four_three_and_six_are_told_apart() {
        let heard = |period, bar, parts: &[f64]| -> Vec<(u8, u8)> {
            places(period, bar, parts)[..6].iter().map(|place| (place.meter, place.position)).collect()
        };
        assert_eq!(heard(25, 4, &[0.5]), [(4, 1), (4, 2), (4, 3), (4, 4), (4, 1), (4, 2)]);
        assert_eq!(heard(25, 3, &[0.5]), [(3, 1), (3, 2), (3, 3), (3, 1), (3, 2), (3, 3)]);
        // 6/8 by its dotted quarters, and by its eighths.
        assert_eq!(heard(33, 2, &[1.0 / 3.0, 2.0 / 3.0]), [(6, 1), (6, 4), (6, 1), (6, 4), (6, 1), (6, 4)]);
        assert_eq!(heard(15, 6, &[]), [(6, 1), (6, 2), (6, 3), (6, 4), (6, 5), (6, 6)]);
        // Two bars of two beats are one bar of four.
        assert_eq!(heard(25, 2, &[0.5])[0].0, 4);
    }

    #[test]
    fn the_beat_before_is_as_far_away_as_the_next() {
        let place = |meter, position| Place { meter, position };
        assert_eq!(place(4, 1).before(place(4, 2)), place(4, 4));
        assert_eq!(place(6, 1).before(place(6, 4)), place(6, 4));
        assert_eq!(place(6, 6).before(place(6, 1)), place(6, 5));
    }
}
