use std::ops::Range;

use crate::audio::curves::{median, steps, sums};
use crate::audio::track::FRAMES_HZ;

/// Periods of a beat in whole frames: 215 to 55 beats per minute.
const SHORTEST: usize = 14;
const LONGEST: usize = 54;
const PERIODS: usize = LONGEST - SHORTEST + 1;
/// For each place in a bar of four, then of three, the place before it.
const BEFORE: [usize; 7] = [3, 0, 1, 2, 6, 4, 5];
/// The first place of each bar.
const DOWNBEATS: [usize; 2] = [0, 4];
const PLACES: usize = BEFORE.len();
/// Stiffness of the tempo: p(period → period′) ~ exp(−LAMBDA · |period′/period − 1|).
const LAMBDA: f64 = 100.0;
/// The largest relative change of the period from beat to beat; more would have a probability below e^−25.
const MOST_CHANGE: f64 = 0.25;
/// A beat is observed in the first of this many parts of its period.
const HEARD: usize = 16;
/// Marks "no beat before" among the periods.
const BEGIN: u8 = u8::MAX;

type Scores = [[f64; PERIODS]; PLACES];

/// Returns the tempo in beats per minute, by the bar pointer of Krebs, Böck and Widmer ("An efficient
/// state-space model for joint tempo and meter tracking", 2015), with bars of three and four beats; `None` if
/// it finds fewer than three beats. `activation` is, for each frame, the probability of a beat that isn't a
/// downbeat, and of a downbeat.
///
/// In semi-Markov form: only the beginnings of beats are states, and the observation between them is a
/// difference of prefix sums. It serves only as a second opinion on the tempo.
pub(super) fn bar_pointer_tempo(activation: &[[f64; 2]]) -> Option<f64> {
    let beats = Search::new(activation).run();
    (beats.len() > 2).then(|| 60.0 * FRAMES_HZ / median(&steps(&beats)))
}

struct Search {
    /// Prefix sums of the log likelihoods of the observations: no beat, a beat, a downbeat.
    none: Vec<f64>,
    kinds: [Vec<f64>; 2],
    /// ln p(period → period′).
    moves: Vec<[f64; PERIODS]>,
    /// For each period, the ones that may follow it.
    reach: Vec<Range<usize>>,
    frames: usize,
    /// Scores of beats that begin at a frame, for the last frames.
    scores: Vec<Scores>,
    /// By frame, place and period: the period of the beat before.
    back: Vec<u8>,
}

impl Search {
    /// Frames are counted from `LONGEST` before the music, because the first beat may begin there.
    fn new(activation: &[[f64; 2]]) -> Self {
        let padded = |log: &dyn Fn(&[f64; 2]) -> f64| {
            let silent = std::iter::repeat_n(0.0, LONGEST);
            let logs = silent.clone().chain(activation.iter().map(log)).chain(silent);
            sums(&logs.collect::<Vec<f64>>())
        };
        let share = |value: f64| if value.is_finite() { value.clamp(1e-7, 1.0) } else { 1e-7 };
        let rest = |both: &[f64; 2]| {
            let beat = (share(both[0]) + share(both[1])).min(1.0 - 1e-6);
            ((1.0 - beat).max(1e-7) / (HEARD - 1) as f64).ln()
        };
        let frames = activation.len() + LONGEST;
        Self {
            none: padded(&rest),
            kinds: [padded(&|both| share(both[0]).ln()), padded(&|both| share(both[1]).ln())],
            moves: moves(),
            reach: (0..PERIODS).map(reach).collect(),
            frames,
            scores: vec![[[f64::NEG_INFINITY; PERIODS]; PLACES]; LONGEST + 1],
            back: vec![BEGIN; (frames + 1) * PLACES * PERIODS],
        }
    }

    /// Returns the frames at which beats begin.
    fn run(mut self) -> Vec<f64> {
        for frame in 0..=self.frames {
            self.frame(frame);
        }
        self.best()
    }

    /// Returns the log likelihood of `from..to` if a beat of a place and a period begins at `from`.
    fn heard(&self, place: usize, period: usize, from: usize, to: usize) -> f64 {
        let last = self.none.len() - 1;
        let struck = (from + (SHORTEST + period).div_ceil(HEARD)).min(last);
        let kind = &self.kinds[usize::from(DOWNBEATS.contains(&place))];
        kind[struck] - kind[from] + self.none[to.min(last)] - self.none[struck]
    }

    fn frame(&mut self, frame: usize) {
        let mut next = [[f64::NEG_INFINITY; PERIODS]; PLACES];
        for place in 0..PLACES {
            let before = self.ended(frame, BEFORE[place]);
            let back = self.row(frame, place);
            let scores = &mut next[place];
            // As wide as the scores, so that both are selected by the same vector instructions.
            let mut sources = [f64::from(BEGIN); PERIODS];
            for (from, ended) in before.iter().enumerate().filter(|(_, ended)| ended.is_finite()) {
                let reach = self.reach[from].clone();
                let moves = &self.moves[from][reach.clone()];
                let best = scores[reach.clone()].iter_mut().zip(&mut sources[reach]);
                for ((score, source), step) in best.zip(moves) {
                    let better = ended + step > *score;
                    *score = if better { ended + step } else { *score };
                    *source = if better { from as f64 } else { *source };
                }
            }
            for (back, source) in self.back[back..].iter_mut().zip(sources) {
                *back = source as u8;
            }
            let begin = -if place < DOWNBEATS[1] { 4f64.ln() } else { 3f64.ln() };
            for (to, score) in scores.iter_mut().enumerate().filter(|_| frame <= LONGEST) {
                if begin > *score {
                    *score = begin;
                    self.back[back + to] = BEGIN;
                }
            }
        }
        let row = frame % self.scores.len();
        self.scores[row] = next;
    }

    /// Returns, for each period, the score of a beat at `place` that ends at `frame`.
    fn ended(&self, frame: usize, place: usize) -> [f64; PERIODS] {
        std::array::from_fn(|period| {
            let Some(from) = frame.checked_sub(SHORTEST + period) else { return f64::NEG_INFINITY };
            let score = self.scores[from % self.scores.len()][place][period];
            if score.is_finite() { score + self.heard(place, period, from, frame) } else { score }
        })
    }

    fn row(&self, frame: usize, place: usize) -> usize {
        (frame * PLACES + place) * PERIODS
    }

    /// Follows the best path back from a beat during which the music ends.
    fn best(self) -> Vec<f64> {
        let mut best = (f64::NEG_INFINITY, 0, 0, 0);
        for period in 0..PERIODS {
            let length = SHORTEST + period;
            for frame in (self.frames + 1).saturating_sub(length)..=self.frames {
                for place in 0..PLACES {
                    let score = self.scores[frame % self.scores.len()][place][period];
                    let score = score + self.heard(place, period, frame, frame + length);
                    if score > best.0 {
                        best = (score, frame, place, period);
                    }
                }
            }
        }
        let (_, mut frame, mut place, mut period) = best;
        let mut beats = Vec::new();
        loop {
            if (LONGEST..self.frames).contains(&frame) {
                beats.push((frame - LONGEST) as f64);
            }
            let from = self.back[self.row(frame, place) + period];
            let length = SHORTEST + usize::from(from);
            if from == BEGIN || length > frame {
                break;
            }
            frame -= length;
            (place, period) = (BEFORE[place], usize::from(from));
        }
        beats.reverse();
        beats
    }
}

/// Returns the periods within [`MOST_CHANGE`] of one.
fn reach(from: usize) -> Range<usize> {
    let length = (SHORTEST + from) as f64;
    let first = (length * (1.0 - MOST_CHANGE)).ceil() as usize;
    let last = (length * (1.0 + MOST_CHANGE)).floor() as usize;
    first.saturating_sub(SHORTEST)..(last.min(LONGEST) - SHORTEST + 1)
}

fn moves() -> Vec<[f64; PERIODS]> {
    let length = |period: usize| (SHORTEST + period) as f64;
    (0..PERIODS)
        .map(|from| {
            let share: [f64; PERIODS] =
                std::array::from_fn(|to| (-LAMBDA * (length(to) / length(from) - 1.0).abs()).exp());
            let all: f64 = share.iter().sum();
            share.map(|share| (share / all).max(1e-30).ln())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tempo_of_a_steady_pulse_in_fours() {
        let mut activation = vec![[0.02, 0.01]; 1500];
        for (n, frame) in (5..1500).step_by(25).enumerate() {
            activation[frame] = if n % 4 == 0 { [0.1, 0.8] } else { [0.8, 0.05] };
        }
        assert_eq!(bar_pointer_tempo(&activation), Some(120.0));
    }

    #[test]
    fn too_little_has_no_tempo() {
        assert_eq!(bar_pointer_tempo(&[]), None);
        assert_eq!(bar_pointer_tempo(&[[f64::NAN, 0.5]; 20]), None);
    }
}
