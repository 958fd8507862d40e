use crate::audio::track::FRAMES_HZ;

/// The range of tempi searched, in beats per minute.
const SLOWEST: f64 = 50.0;
const FASTEST: f64 = 215.0;
/// Distance between two periods, as a difference of logarithms.
const STEP: f64 = 0.015;
/// Cost of a change of tempo: a fixed part, and per unit of the logarithm of the ratio.
const CHANGE: f64 = 3.0;
const BEND: f64 = 120.0;
/// The largest cost of a change of tempo.
const JUMP: f64 = 40.0;
/// Cost of a beat that is a frame early or late, beyond the half frame that is free.
const SLIP: f64 = 4.0;
/// How far from its period the distance of two beats may be, in frames.
const REACH: usize = 2;
/// The evidence of a frame: the log odds of its activation, limited to this range, plus a bias.
const LEAST_ODDS: f64 = -1.5;
const MOST_ODDS: f64 = 3.0;
const BIAS: f64 = 0.7;
/// Preference for tempi near two beats per second: weight and width (in ln).
const PRIOR: f64 = 0.15;
const PRIOR_WIDTH: f64 = 0.7;
const PRIOR_PERIOD_S: f64 = 0.5;

/// The beats that fit an activation best.
pub struct Pulse {
    /// The frames of the beats.
    pub beats: Vec<f64>,
    /// The period at each beat, in frames.
    pub periods: Vec<f64>,
}

/// Finds the beats in `activation` (the probability of a beat, 0..=1, one value per frame) by a Viterbi
/// search over beats: a state is the frame of a beat and the period to the next.
///
/// Similar to the bar pointer of Krebs, Böck and Widmer ("An efficient state-space model for joint tempo and
/// meter tracking", 2015), but semi-Markov and stiff. The state includes the offset of a beat's exact time
/// from its frame, within half a frame. So a steady tempo costs nothing although frames are whole, and a
/// slightly wrong tempo can't be compensated by an occasional longer step.
pub fn pulse(activation: &[f64]) -> Pulse {
    if activation.is_empty() {
        return Pulse { beats: Vec::new(), periods: Vec::new() };
    }
    let mut search = Search::new(activation.len());
    for (frame, share) in activation.iter().enumerate() {
        search.frame(frame, evidence(*share));
    }
    search.best()
}

/// Returns the periods in frames, fastest first.
fn periods() -> Vec<f64> {
    let count = ((FASTEST / SLOWEST).ln() / STEP) as usize + 1;
    (0..count).map(|k| 60.0 * FRAMES_HZ / FASTEST * (STEP * k as f64).exp()).collect()
}

fn evidence(share: f64) -> f64 {
    let share = if share.is_finite() { share.clamp(1e-4, 1.0 - 1e-4) } else { 1e-4 };
    (share / (1.0 - share)).ln().clamp(LEAST_ODDS, MOST_ODDS) + BIAS
}

/// The continuation after a beat: the best score before it, over all periods that it can have come from.
#[derive(Clone, Copy)]
struct Open {
    score: f64,
    /// The offset of the beat's exact time from its frame, −0.5..=0.5.
    early: f64,
}

struct Search {
    periods: Vec<f64>,
    prior: Vec<f64>,
    /// For the last frames and each period.
    open: Vec<Vec<Open>>,
    /// Scores of beats in the last frames, by period.
    scores: Vec<Vec<f64>>,
    /// By frame and period: how many frames ago the previous beat is (0: none).
    back: Vec<u8>,
    /// By frame and period: the previous period of a beat whose next period is this one.
    from: Vec<u8>,
    frames: usize,
}

impl Search {
    fn new(frames: usize) -> Self {
        let periods = periods();
        let count = periods.len();
        let ring = periods.iter().fold(0.0f64, |a, b| a.max(*b)).ceil() as usize + REACH + 2;
        let prior = |period: &f64| {
            let octaves = (period / (FRAMES_HZ * PRIOR_PERIOD_S)).ln() / PRIOR_WIDTH;
            -PRIOR * 0.5 * octaves * octaves
        };
        let never = Open { score: f64::NEG_INFINITY, early: 0.0 };
        Self {
            prior: periods.iter().map(prior).collect(),
            open: vec![vec![never; count]; ring],
            scores: vec![vec![f64::NEG_INFINITY; count]; ring],
            back: vec![0; frames * count],
            from: vec![0; frames * count],
            periods,
            frames,
        }
    }

    /// Scores a beat at `frame` for each period to the beat before it.
    fn frame(&mut self, frame: usize, evidence: f64) {
        let count = self.periods.len();
        let mut scores = vec![0.0; count];
        let mut early = vec![0.0; count];
        for k in 0..count {
            let (mut score, mut offset, mut distance) = self.best_before(frame, k);
            // The first beat is within the first period.
            if (frame as f64) < self.periods[k] && score < 0.0 {
                (score, offset, distance) = (0.0, 0.0, 0);
            }
            scores[k] = score + evidence + self.prior[k];
            early[k] = offset;
            self.back[frame * count + k] = distance as u8;
        }
        let row = frame % self.open.len();
        let next = onward(&scores);
        for (k, (score, from)) in next.into_iter().enumerate() {
            self.open[row][k] = Open { score, early: early[from] };
            self.from[frame * count + k] = from as u8;
        }
        self.scores[row] = scores;
    }

    /// Returns the best beat before `frame` at period `k`: its score, the offset of this beat's exact time
    /// from its frame, and the distance in frames.
    fn best_before(&self, frame: usize, k: usize) -> (f64, f64, usize) {
        let period = self.periods[k];
        let middle = round_even(period) as usize;
        let mut best = (f64::NEG_INFINITY, 0.0, middle - REACH);
        for distance in middle - REACH..=middle + REACH {
            let Some(before) = frame.checked_sub(distance) else { break };
            let open = self.open[before % self.open.len()][k];
            let off = open.early + period - distance as f64;
            let score = open.score - SLIP * (off.abs() - 0.5).max(0.0);
            if score > best.0 {
                best = (score, off.clamp(-0.5, 0.5), distance);
            }
        }
        best
    }

    /// Returns the best path that ends with a beat less than a period before the end of the music.
    fn best(&self) -> Pulse {
        let mut best = (f64::NEG_INFINITY, self.frames - 1, 0);
        for (k, period) in self.periods.iter().enumerate() {
            for frame in self.frames.saturating_sub(period.ceil() as usize)..self.frames {
                let score = self.scores[frame % self.scores.len()][k];
                if score > best.0 {
                    best = (score, frame, k);
                }
            }
        }
        let (_, mut frame, mut k) = best;
        let (mut beats, mut periods) = (Vec::new(), Vec::new());
        loop {
            beats.push(frame as f64);
            periods.push(self.periods[k]);
            let distance = usize::from(self.back[frame * self.periods.len() + k]);
            if distance == 0 || distance > frame {
                break;
            }
            frame -= distance;
            k = usize::from(self.from[frame * self.periods.len() + k]);
        }
        beats.reverse();
        periods.reverse();
        Pulse { beats, periods }
    }
}

/// Returns, for each period of the next beat, the best score to come from and its period. Keeping the period
/// is free, changing it has a cost. Two sweeps find the best of all pairs.
fn onward(scores: &[f64]) -> Vec<(f64, usize)> {
    let step = BEND * STEP;
    let mut next: Vec<(f64, usize)> = Vec::with_capacity(scores.len());
    let mut best = (f64::NEG_INFINITY, 0);
    for (k, score) in scores.iter().enumerate() {
        let rising = score + step * k as f64;
        if rising >= best.0 {
            best = (rising, k);
        }
        next.push((best.0 - step * k as f64, best.1));
    }
    let mut best = (f64::NEG_INFINITY, scores.len().saturating_sub(1));
    for (k, score) in scores.iter().enumerate().rev() {
        let falling = score - step * k as f64;
        if falling >= best.0 {
            best = (falling, k);
        }
        let down = best.0 + step * k as f64;
        if next[k].0 < down {
            next[k] = (down, best.1);
        }
    }
    let top = crate::audio::curves::largest(scores);
    let jump = scores.get(top).map_or(f64::NEG_INFINITY, |score| score - JUMP);
    for (k, (score, from)) in next.iter_mut().enumerate() {
        *score -= CHANGE;
        if *score < jump {
            (*score, *from) = (jump, top);
        }
        if scores[k] >= *score {
            (*score, *from) = (scores[k], k);
        }
    }
    next
}

/// Rounds halves to even, so that the result is the same on every machine.
fn round_even(value: f64) -> f64 {
    value.round_ties_even()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns an activation with a beat every `period` frames from `first` on.
    fn beats(period: f64, first: f64, frames: usize) -> Vec<f64> {
        let mut activation = vec![0.02; frames];
        let mut at = first;
        while (at.round() as usize) < frames {
            activation[at.round() as usize] = 0.8;
            at += period;
        }
        activation
    }

    #[test]
    fn a_steady_pulse_is_found_to_the_frame_though_its_period_is_no_whole_number() {
        for period in [15.3, 21.4, 25.0, 33.7, 41.2] {
            let found = pulse(&beats(period, 7.0, 2000));
            for (n, beat) in found.beats.iter().enumerate() {
                assert!((beat - (7.0 + period * n as f64)).abs() <= 1.0, "{period}: {beat}");
            }
            assert_eq!(found.beats.len(), ((1999.0 - 7.0) / period) as usize + 1, "{period}");
        }
    }

    #[test]
    fn a_missing_beat_is_filled_in_and_a_false_one_left_out() {
        let mut activation = beats(25.0, 10.0, 1500);
        activation[510] = 0.02;
        activation[722] = 0.8;
        let found = pulse(&activation);
        assert!(found.beats.iter().any(|beat| (beat - 510.0).abs() <= 1.0));
        assert!(!found.beats.contains(&722.0));
    }

    #[test]
    fn a_tempo_that_changes_is_followed() {
        let mut activation = beats(25.0, 10.0, 1000);
        activation.extend(beats(31.0, 10.0, 1000));
        let found = pulse(&activation);
        let late: Vec<f64> = found.beats.windows(2).rev().take(20).map(|pair| pair[1] - pair[0]).collect();
        assert!(late.iter().all(|step| (step - 31.0).abs() <= 1.0), "{late:?}");
    }

    #[test]
    fn nothing_and_nonsense_have_a_pulse_without_a_panic() {
        assert!(pulse(&[]).beats.is_empty());
        assert!(!pulse(&[0.0]).beats.is_empty());
        assert!(!pulse(&[f64::NAN; 300]).beats.is_empty());
    }
}
