use std::collections::VecDeque;

use super::true_peak::TruePeak;

/// Limits the true peak to a ceiling. It looks ahead, so that the level is down before a peak arrives, and
/// releases slowly. The gain is a moving mean of a sliding minimum, so it never jumps.
#[derive(Debug)]
pub(super) struct Limiter {
    ceiling: f32,
    peaks: TruePeak,
    /// Frames not returned yet.
    delayed: VecDeque<[f32; 2]>,
    /// Candidates for the sliding minimum: index and gain, gains increasing.
    least: VecDeque<(u64, f32)>,
    /// The gains of the moving mean, and their sum.
    gains: VecDeque<f32>,
    sum: f64,
    released: f32,
    next: u64,
}

/// Frames that the limiter looks ahead: 5 ms at 48 kHz.
const AHEAD: usize = 240;

/// The share of the reduction that is released per frame: 63 % within 100 ms.
const RELEASE: f32 = 1.0 / 4800.0;

impl Limiter {
    /// The delay in frames between input and output.
    pub(super) const DELAY: usize = AHEAD + TruePeak::DELAY;

    /// Returns a limiter to `ceiling`, a level where 1 is full scale.
    pub(super) fn new(ceiling: f32) -> Self {
        Self {
            ceiling,
            peaks: TruePeak::new(),
            delayed: VecDeque::new(),
            least: VecDeque::new(),
            gains: VecDeque::from(vec![1.0; AHEAD]),
            sum: AHEAD as f64,
            released: 1.0,
            next: 0,
        }
    }

    /// Takes a frame and returns the one from [`Self::DELAY`] frames ago; `None` at first.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> Option<[f32; 2]> {
        let peak = self.peaks.push(frame);
        let wanted = if peak > self.ceiling { self.ceiling / peak } else { 1.0 };
        while self.least.back().is_some_and(|(_, gain)| *gain >= wanted) {
            self.least.pop_back();
        }
        self.least.push_back((self.next, wanted));
        let oldest = self.next.saturating_sub(AHEAD as u64);
        while self.least.front().is_some_and(|(index, _)| *index < oldest) {
            self.least.pop_front();
        }
        self.next += 1;
        let least = self.least.front().map_or(1.0, |(_, gain)| *gain);
        self.released = least.min(self.released + (1.0 - self.released) * RELEASE);
        self.gains.push_back(self.released);
        self.sum += f64::from(self.released) - f64::from(self.gains.pop_front().unwrap_or(1.0));
        self.delayed.push_back(frame);
        if self.delayed.len() <= Self::DELAY {
            return None;
        }
        let gain = ((self.sum / AHEAD as f64) as f32).min(1.0);
        self.delayed.pop_front().map(|[left, right]| [left * gain, right * gain])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(input: &[[f32; 2]], ceiling: f32) -> Vec<[f32; 2]> {
        let mut limiter = Limiter::new(ceiling);
        let silence = [[0.0; 2]; Limiter::DELAY];
        input.iter().chain(&silence).filter_map(|frame| limiter.push(*frame)).collect()
    }

    fn true_peak(frames: &[[f32; 2]]) -> f32 {
        let mut peaks = TruePeak::new();
        frames.iter().map(|frame| peaks.push(*frame)).fold(0.0, f32::max)
    }

    #[test]
    fn quiet_sound_passes_unchanged() {
        let input: Vec<[f32; 2]> = (0..4000).map(|n| [(n as f32 * 0.05).sin() * 0.4; 2]).collect();
        let output = limit(&input, 0.8);
        assert_eq!(output.len(), input.len());
        assert!(input.iter().zip(&output).all(|(a, b)| (a[0] - b[0]).abs() < 1e-5));
    }

    #[test]
    fn loud_sound_stays_below_the_ceiling() {
        let loud = |n: usize| if (5000..7000).contains(&n) || n == 9000 { 2.5 } else { 0.5 };
        let input: Vec<[f32; 2]> = (0..12_000).map(|n| [(n as f32 * 0.7).sin() * loud(n); 2]).collect();
        let output = limit(&input, 0.8);
        assert!(true_peak(&output) <= 0.8 * 1.01, "{}", true_peak(&output));
    }
}
