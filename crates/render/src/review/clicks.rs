/// Frames of sound examined on each side of a join: 50 ms at 48 kHz.
pub(super) const REACH: usize = 2400;

/// A click is within this many samples of its join: 2 ms. Codecs smear it by less.
const CORE: usize = 96;
/// Surrounding sound is measured from this many samples away: 3 ms.
const APART: usize = 144;
/// A click is more than this many times as steep as the steepest step around it.
const STEEP: f32 = 6.0;
/// A click is at least this high, where full scale is 1 (−40 dBFS).
const LEAST_STEP: f32 = 0.01;

/// Returns how many times steeper the sound is at frame `join` of `frames` than around it; `None` if there is
/// no click. The onset of a note stays steep for longer than 3 ms; a bad join does not.
pub(super) fn click(frames: &[[f32; 2]], join: usize) -> Option<f32> {
    let steps = |from: usize, to: usize| {
        let part = frames.get(from.min(frames.len())..to.min(frames.len())).unwrap_or_default();
        let step = |pair: &[[f32; 2]]| (pair[1][0] - pair[0][0]).abs().max((pair[1][1] - pair[0][1]).abs());
        part.windows(2).map(step).fold(0.0, f32::max)
    };
    let core = steps(join.saturating_sub(CORE), join + CORE);
    let around =
        steps(join.saturating_sub(REACH), join.saturating_sub(APART)).max(steps(join + APART, join + REACH));
    (core >= LEAST_STEP && core > STEEP * around).then(|| core / around.max(LEAST_STEP / STEEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(from: usize, frames: usize, hz: f32) -> Vec<[f32; 2]> {
        let at = |n: usize| (n as f32 / 48_000.0 * hz * std::f32::consts::TAU).sin() * 0.5;
        (from..from + frames).map(|n| [at(n); 2]).collect()
    }

    #[test]
    fn a_sine_that_loses_its_phase_clicks_and_one_that_keeps_it_does_not() {
        let whole = sine(0, 2 * REACH, 440.0);
        assert_eq!(click(&whole, REACH), None);
        let broken = [sine(0, REACH, 440.0), sine(27, REACH, 440.0)].concat();
        assert!(click(&broken, REACH).is_some());
        assert_eq!(click(&broken, REACH + 480), None, "it is the join that clicks, and not 10 ms after it");
    }

    #[test]
    fn a_drum_on_the_join_is_no_click() {
        let mut drum = sine(0, 2 * REACH, 110.0);
        for (n, frame) in drum[REACH..].iter_mut().enumerate() {
            let at = n as f32 / 48_000.0;
            let hit = (at * 180.0 * std::f32::consts::TAU).sin() * (-at * 30.0).exp();
            frame.iter_mut().for_each(|sample| *sample = *sample * 0.3 + hit * 0.7);
        }
        drum[..REACH].iter_mut().flatten().for_each(|sample| *sample *= 0.3);
        assert_eq!(click(&drum, REACH), None);
    }

    #[test]
    fn silence_and_an_edge_of_the_file_do_not_click() {
        assert_eq!(click(&vec![[0.0; 2]; 2 * REACH], REACH), None);
        assert_eq!(click(&sine(0, 100, 440.0), 5000), None);
    }
}
