use super::evidence::Evidence;
use crate::analysis::audio::curves::{largest, mean, moving_max, standard};

/// Meter and place of each state: bars of four, then bars of three.
const STATES: [(u8, u8); 7] = [(4, 1), (4, 2), (4, 3), (4, 4), (3, 1), (3, 2), (3, 3)];
/// The state before each.
const BEFORE: [usize; 7] = [3, 0, 1, 2, 6, 4, 5];
/// How the downbeats of the nets, changes of harmony and bass count.
const WEIGHTS: [f64; 3] = [0.6, 0.6, 0.2];
/// What another phase or meter costs.
const JUMP: f64 = 25.0;
/// What bars of three cost: once, and a beat.
const THREE: f64 = 3.0;
const THREE_A_BEAT: f64 = 0.1;

/// A beat's meter and its place in the bar, 1 on the downbeat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub meter: u8,
    pub position: u8,
}

/// The places in the bars of `beats` (in frames): a Viterbi search over beats with bars of three and
/// four, in which a bar begins where the nets hear a downbeat, the harmony changes and the bass is
/// struck (Goto, "An audio-based real-time beat tracking system", 2001).
pub(super) fn bars(evidence: &Evidence<'_>, beats: &[f64]) -> Vec<Place> {
    let gains: Vec<f64> = downbeat_evidence(evidence, beats);
    let gain = |state: usize, n: usize| {
        let (meter, place) = STATES[state];
        if place == 1 { gains[n] } else { -gains[n] / f64::from(meter - 1) }
    };
    if beats.is_empty() {
        return Vec::new();
    }
    let is_three = |state: usize| STATES[state].0 == 3;
    let mut scores: [f64; 7] =
        std::array::from_fn(|state| gain(state, 0) - if is_three(state) { THREE } else { 0.0 });
    let mut back = vec![[0usize; 7]; beats.len()];
    for (n, back) in back.iter_mut().enumerate().skip(1) {
        let top = largest(&scores);
        let jump = scores[top] - JUMP;
        let before = scores;
        for state in 0..STATES.len() {
            let on = before[BEFORE[state]];
            back[state] = if on >= jump { BEFORE[state] } else { top };
            scores[state] = on.max(jump) + gain(state, n) - if is_three(state) { THREE_A_BEAT } else { 0.0 };
        }
    }
    let mut state = largest(&scores);
    let mut places = Vec::with_capacity(beats.len());
    for back in back.iter().rev() {
        let (meter, position) = STATES[state];
        places.push(Place { meter, position });
        state = back[state];
    }
    places.reverse();
    places
}

/// How much each beat is like the first of a bar; about zero in the mean.
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
