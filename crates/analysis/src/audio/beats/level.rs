use super::evidence::Evidence;
use crate::audio::curves::{mean, median, moving_max, steps};
use crate::audio::track::FRAMES_HZ;

/// With fewer beats their level can't be determined.
const LEAST_BEATS: usize = 16;
/// Added to a probability before its logarithm is computed.
const FLOOR: f64 = 0.02;
/// How much better a bar of three must be, per beat.
const THREE: f64 = 0.08;
/// The least activation of a level, as a share of the strongest level's. Below it harmony can't decide:
/// clicks have no harmony, and nothing between them.
const LEAST_HEARD: f64 = 0.35;
/// The number of points from which harmony counts fully. With few beats the first one, which has nothing
/// before it, would decide.
const MANY_POINTS: f64 = 100.0;
/// Figures by which a level is judged.
const FIGURES: usize = 12;
/// The largest difference of two equal tempi, in octaves.
const SAME_TEMPO: f64 = 0.1;

/// Weights of the figures of `Ground::figures`, with the models and with the flux only: a conditional logit
/// (McFadden 1974), fitted to annotated music.
pub(super) const BY_MODELS: [f64; FIGURES] =
    [1.227, -1.167, -6.289, -0.087, -2.129, 3.480, -0.050, 0.522, 73.207, 26.455, -0.960, 1.918];
pub(super) const BY_FLUX: [f64; FIGURES] =
    [0.496, -2.0, -4.182, 0.626, -1.397, 1.283, 1.667, 0.556, 59.761, 1.861, -0.210, 0.636];

/// Returns the beats on the metrical level that people would tap: `beats` themselves, the points between
/// them, both, or every second one. `tempo` is a second opinion in beats per minute.
///
/// Changes of harmony count most, then the tempo, the models' output at the beats and between them, and the
/// bass.
pub(super) fn right_level(
    evidence: &Evidence<'_>,
    beats: Vec<f64>,
    tempo: f64,
    weights: &[f64; FIGURES],
) -> Vec<f64> {
    if beats.len() < LEAST_BEATS {
        return beats;
    }
    let ground = Ground::new(evidence, &beats);
    let score = |level: &Vec<f64>| -> f64 {
        ground
            .figures(evidence, level, tempo)
            .iter()
            .zip(weights)
            .map(|(figure, weight)| figure * weight)
            .sum()
    };
    let levels = levels(&beats);
    let mut heard = levels.each_ref().map(|level| ground.heard(evidence, level));
    // Beats added between existing ones must be activated too, at least half as much.
    heard[2] = 2.0 * heard[0].min(heard[1]);
    let least = LEAST_HEARD * heard.iter().fold(0.0f64, |a, b| a.max(*b));
    let scores: Vec<f64> = levels
        .iter()
        .zip(heard)
        .map(|(level, heard)| if heard >= least { score(level) } else { f64::NEG_INFINITY })
        .collect();
    let best = crate::audio::curves::largest(&scores);
    levels.into_iter().nth(best).unwrap_or(beats)
}

fn levels(beats: &[f64]) -> [Vec<f64>; 5] {
    let between: Vec<f64> = beats.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    let mut double = [beats, &between].concat();
    double.sort_by(f64::total_cmp);
    let every_second = |from: usize| beats.iter().skip(from).step_by(2).copied().collect();
    [beats.to_vec(), between, double, every_second(0), every_second(1)]
}

/// The basis for comparing levels: all points of the finest level.
struct Ground {
    points: Vec<usize>,
    ln_beat: Vec<f64>,
    ln_downbeat: Vec<f64>,
    ln_none: Vec<f64>,
    activation: Vec<f64>,
    low: Vec<f64>,
    harmony: Vec<f64>,
}

impl Ground {
    fn new(evidence: &Evidence<'_>, beats: &[f64]) -> Self {
        let ln = |values: Vec<f64>| values.into_iter().map(|value| (value + FLOOR).ln()).collect();
        let none = evidence.near(|both| both[0] + both[1]).into_iter().map(|all| (1.0 - all).max(0.0));
        let low_mean = mean(&evidence.low) + 1e-9;
        let [_, _, double, ..] = levels(beats);
        Self {
            points: double.iter().map(|frame| evidence.index(*frame)).collect(),
            ln_beat: ln(evidence.near(|both| both[0])),
            ln_downbeat: ln(evidence.near(|both| both[1])),
            ln_none: ln(none.collect()),
            activation: evidence.near(|both| both[0] + both[1]),
            low: moving_max(&evidence.low, 2).into_iter().map(|low| low / low_mean).collect(),
            harmony: moving_max(&evidence.harmony, 1),
        }
    }

    /// Returns the mean activation at the beats of a level.
    fn heard(&self, evidence: &Evidence<'_>, level: &[f64]) -> f64 {
        at(&self.activation, &level.iter().map(|frame| evidence.index(*frame)).collect::<Vec<usize>>())
    }

    /// Returns the figures: tempo (two, and its excess), beats, downbeats, silence between, number of beats,
    /// bass, harmony at beats and at downbeats, bass at downbeats, agreement with the second opinion.
    fn figures(&self, evidence: &Evidence<'_>, level: &[f64], tempo: f64) -> [f64; FIGURES] {
        let beats: Vec<usize> = level.iter().map(|frame| evidence.index(*frame)).collect();
        let count = self.points.len() as f64;
        let (meter, phase) = self.fold(&beats);
        let (downs, others): (Vec<_>, Vec<_>) =
            beats.iter().enumerate().partition(|(n, _)| n % meter == phase);
        let frames =
            |part: Vec<(usize, &usize)>| part.into_iter().map(|(_, frame)| *frame).collect::<Vec<usize>>();
        let (downs, others) = (frames(downs), frames(others));
        let mut sorted = beats.clone();
        sorted.sort_unstable();
        let mut rest: Vec<usize> =
            self.points.iter().copied().filter(|point| sorted.binary_search(point).is_err()).collect();
        rest.sort_unstable();
        rest.dedup();
        let period = median(&steps(level)).max(1e-6);
        let octaves = (60.0 * FRAMES_HZ / period / 120.0).log2();
        let excess = (60.0 * FRAMES_HZ / period / 195.0).log2().max(0.0);
        let apart = if downs.is_empty() || others.is_empty() {
            0.0
        } else {
            at(&self.harmony, &downs) - at(&self.harmony, &others)
        };
        let trust = (count / MANY_POINTS).min(1.0);
        let sum = |values: &[f64], places: &[usize]| places.iter().map(|place| values[*place]).sum::<f64>();
        [
            octaves,
            octaves * octaves,
            excess,
            sum(&self.ln_beat, &others) / count,
            sum(&self.ln_downbeat, &downs) / count,
            (sum(&self.ln_none, &self.points) - sum(&self.ln_none, &beats)) / count,
            beats.len() as f64 / count,
            self.louder(&beats, &rest),
            trust * (at(&self.harmony, &beats) - at(&self.harmony, &self.points)),
            trust * apart,
            self.louder(&downs, &others),
            f64::from(((tempo.max(1e-6) * period / (60.0 * FRAMES_HZ)).log2()).abs() < SAME_TEMPO),
        ]
    }

    /// Returns the meter and the phase of the downbeats that the models rate highest.
    fn fold(&self, beats: &[usize]) -> (usize, usize) {
        let mut best = (f64::NEG_INFINITY, 4, 0);
        for (meter, handicap) in [(4, 0.0), (3, -THREE * self.points.len() as f64)] {
            for phase in 0..meter {
                let gain = |(n, frame): (usize, &usize)| {
                    if n % meter == phase { self.ln_downbeat[*frame] } else { self.ln_beat[*frame] }
                };
                let score = handicap + beats.iter().enumerate().map(gain).sum::<f64>();
                // Sums of equal terms in a different order may differ in the last digit.
                if score > best.0 + 1e-9 {
                    best = (score, meter, phase);
                }
            }
        }
        (best.1, best.2)
    }

    /// Returns how much more bass there is at some frames than at others, as a logarithm.
    fn louder(&self, some: &[usize], others: &[usize]) -> f64 {
        if some.is_empty() || others.is_empty() {
            return 0.0;
        }
        (at(&self.low, some) + 0.1).ln() - (at(&self.low, others) + 0.1).ln()
    }
}

fn at(values: &[f64], frames: &[usize]) -> f64 {
    mean(&frames.iter().map(|frame| values[*frame]).collect::<Vec<f64>>())
}
