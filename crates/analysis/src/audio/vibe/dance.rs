use mmm_base::Time;
use mmm_facts::Beat;

use crate::audio::curves::median;
use crate::audio::track::FRAMES_HZ;

/// The tempo that people move to most readily, in beats per minute (van Noorden and Moelants 1999).
const BEST_BPM: f64 = 120.0;
/// How fast other tempi fall off, per squared octave: half an octave away counts half.
const TEMPO_FALL: f64 = 2.8;
/// An interval that differs from the median by this share is not regular.
const LOOSE: f64 = 0.06;
/// Bass that counts as 1: how many times more it rises on the beats than on average.
const STRONG: f64 = 4.0;
/// Frames around a beat that may contain its attack.
const NEAR: usize = 2;

/// Returns how danceable the music is, 0..=1: sqrt(sureness) x (0.4 tempo + 0.2 regularity + 0.2 beat
/// strength + 0.2 energy), each 0..=1; 0 without beats.
///
/// Tempo, the strength of the beat in the bass, and its regularity make people move (Tzanetakis and others
/// 2002; Burger and others 2013); the weights are ours. `low` is the rise of the bands below 160 Hz, one
/// value per frame.
pub fn danceability(beats: &[Beat], low: &[f32], duration: Time, energy: f64) -> f64 {
    let steps: Vec<f64> = beats.windows(2).map(|pair| (pair[1].time - pair[0].time).secs()).collect();
    let step = median(&steps);
    if step <= 0.0 {
        return 0.0;
    }
    let covered = (step * beats.len() as f64 / duration.secs().max(step)).min(1.0);
    let sure = beats.iter().map(|beat| beat.confidence.get()).sum::<f64>() / beats.len() as f64;
    let octaves = (60.0 / step / BEST_BPM).log2();
    let tempo = (-TEMPO_FALL * octaves * octaves).exp();
    let regular = |other: &f64| (1.0 - (other - step).abs() / step / LOOSE).max(0.0);
    let regularity = steps.iter().map(regular).sum::<f64>() / steps.len() as f64;
    let parts = 0.4 * tempo + 0.2 * regularity + 0.2 * strength(beats, low) + 0.2 * energy;
    (sure * covered).sqrt() * parts
}

/// Returns how much more the bass rises on the beats than on average: 0 for no more, 1 for [`STRONG`] times.
fn strength(beats: &[Beat], low: &[f32]) -> f64 {
    let rises: Vec<f64> = low.iter().map(|rise| f64::from(rise.max(0.0))).collect();
    let mean = rises.iter().sum::<f64>() / rises.len().max(1) as f64;
    let at = |beat: &Beat| {
        let frame = (beat.time.secs() * FRAMES_HZ).round().max(0.0) as usize;
        let near = rises.get(frame.saturating_sub(NEAR)..(frame + NEAR + 1).min(rises.len()));
        near.unwrap_or_default().iter().copied().fold(0.0, f64::max)
    };
    let on_beats = beats.iter().map(at).sum::<f64>() / beats.len().max(1) as f64;
    if mean > 0.0 && mean.is_finite() {
        ((on_beats / mean - 1.0) / (STRONG - 1.0)).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;

    fn danced(bpm: f64, jitter: f64, bass: bool) -> f64 {
        let time =
            |i: i32| Time::from_secs_f64(f64::from(i) * 60.0 / bpm + jitter * f64::from(i * 7 % 5 - 2));
        let beat = |i| Beat { time: time(i), position: None, confidence: Score::new(0.9) };
        let beats: Vec<Beat> = (0..60).map(beat).collect();
        let mut low = vec![0.01; 5000];
        for beat in beats.iter().filter(|_| bass) {
            low[(beat.time.secs() * FRAMES_HZ).max(0.0) as usize] = 0.5;
        }
        danceability(&beats, &low, time(60), 0.7)
    }

    #[test]
    fn steady_bass_at_120_is_for_dancing() {
        let best = danced(120.0, 0.0, true);
        assert!(best > 0.85 && best < 1.0, "{best}");
        assert!(danced(60.0, 0.0, true) < best - 0.3);
        assert!(danced(120.0, 0.03, true) < best - 0.1);
        assert!(danced(120.0, 0.0, false) < best - 0.15);
        assert_eq!(danceability(&[], &[], Time::ZERO, 1.0), 0.0);
    }
}
