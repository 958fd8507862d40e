use super::streams::NO_PLAN;
use mmm_base::Time;
use mmm_facts::Shot;
use mmm_facts::Wanted;
use mmm_facts::{Figure, Limit, Measure, beat_spans};
use mmm_spec::Pace;

const PACE: Measure = Measure { name: "pace follows energy", unit: "" };

/// The least rank correlation at which the pace follows the music.
const LEAST: f64 = 0.6;
/// With fewer shots a correlation is meaningless.
const FEWEST: usize = 6;

/// Measures Spearman's rank correlation between the music's energy under each shot and how soon the next shot
/// comes.
pub(super) fn figure(wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(PACE, NO_PLAN) };
    let shots = wanted.timeline.shots.iter().map(|shot| &shot.shot);
    let pairs: Vec<(f64, f64)> =
        shots.filter_map(|shot| Some((energy(shot, wanted)?, -shot.length.secs()))).collect();
    if pairs.len() < FEWEST {
        return Figure::unmeasured(PACE, format!("fewer than {FEWEST} shots have music"));
    }
    let (energies, rates): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    let Some(correlation) = correlation(&ranks(&energies), &ranks(&rates)) else {
        return Figure::unmeasured(PACE, "all shots are of one length, or the music of one energy");
    };
    let settings = &wanted.material.settings;
    // A pace requested by style or prompt overrides the music's.
    let is_free = settings.style.pace == Pace::Auto && settings.prompt.is_none();
    let limit = if is_free { Limit::Least(LEAST) } else { Limit::None };
    Figure::measured(PACE, correlation, limit)
}

/// Returns the mean energy of the music under a shot, of which each cue counts while its beats do: up to the
/// middle of a crossfade.
fn energy(shot: &Shot, wanted: &Wanted) -> Option<f64> {
    let cues = &wanted.timeline.music;
    let heard: Vec<(Time, Time)> = cues.iter().map(|cue| (cue.start, cue.start + cue.length)).collect();
    let spans = beat_spans(&heard);
    let middle = shot.start + shot.length.scale(1, 2);
    spans.iter().find(|(start, end)| *start <= middle && middle < *end)?;
    let (mut sum, mut seconds) = (0.0, 0.0);
    for (cue, (start, end)) in cues.iter().zip(spans) {
        let (start, end) = (start.max(shot.start), end.min(shot.start + shot.length));
        if start < end {
            let tracks = &wanted.material.settings.music;
            let track = tracks.iter().position(|track| track.path == cue.source)?;
            let (from, length) = (cue.from + (start - cue.start), end - start);
            let mean = wanted.material.music.get(track)?.form.energy.mean(from, from + length);
            sum += mean.get() * length.secs();
            seconds += length.secs();
        }
    }
    (seconds > 0.0).then(|| sum / seconds)
}

/// Returns ranks from 1; equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// Returns Pearson's correlation; `None` if one side doesn't vary.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    let spread = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    (spread > 0.0).then(|| sum(&|a, b| a * b) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_share_ties_and_correlate() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        let spearman = |a: &[f64], b: &[f64]| correlation(&ranks(a), &ranks(b));
        assert_eq!(spearman(&[1.0, 2.0, 9.0], &[10.0, 11.0, 12.0]), Some(1.0));
        assert_eq!(spearman(&[1.0, 2.0, 9.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(spearman(&[1.0, 2.0, 9.0], &[3.0, 3.0, 3.0]), None);
        // SciPy: spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.8207826816681233.
        let found = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]).unwrap();
        assert!((found - 0.820_782_681_668_123_3).abs() < 1e-12);
    }
}
