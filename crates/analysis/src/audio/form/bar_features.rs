use crate::audio::track::SpectralTrack;

/// Features of a bar: 12 of chroma, 12 of timbre, level, low level, flux.
pub const FEATURES: usize = 27;
/// The features of a bar, standardised ([`standard`]).
pub type Features = [f64; FEATURES];

/// Weights of the groups of features: harmony, timbre, energy.
const WEIGHTS: [f64; 3] = [0.75, 1.5, 1.5];
/// The least spread of each group, so that nearly constant features aren't amplified.
const CHROMA_FLOOR: f64 = 0.2;
const TIMBRE_FLOOR: f64 = 0.03;
const LEVEL_FLOOR: f64 = 0.05;
const FLUX_FLOOR: f64 = 0.01;

/// The sound of a bar: means over its frames.
#[derive(Clone, Copy, Default)]
pub struct Bar {
    /// Of unit length, or zero in silence.
    pub chroma: [f64; 12],
    pub timbre: [f64; 12],
    /// In log10(1 + magnitude), like the next.
    pub level: f64,
    pub low_level: f64,
    pub flux: f64,
}

impl Bar {
    /// Returns the means over the frames `from..to` of `track`; frames beyond its end are ignored.
    fn of(track: &SpectralTrack, from: usize, to: usize) -> Self {
        let mut chroma = mean_rows(&track.chroma, from, to);
        let length = chroma.iter().map(|value| value * value).sum::<f64>().sqrt() + 1e-9;
        chroma.iter_mut().for_each(|value| *value /= length);
        Self {
            chroma,
            timbre: mean_rows(&track.timbre, from, to),
            level: mean(&track.level, from, to),
            low_level: mean(&track.low_level, from, to),
            flux: mean(&track.flux, from, to),
        }
    }
}

/// Returns the bars between each two of `lines` (frames, ascending).
pub fn bars(track: &SpectralTrack, lines: &[f64]) -> Vec<Bar> {
    let frame = |line: f64| line.round_ties_even().max(0.0) as usize;
    lines.windows(2).map(|pair| Bar::of(track, frame(pair[0]), frame(pair[1]))).collect()
}

/// Returns the bars as points whose distances say how different two bars sound. Each group of features has
/// variance 1 over the track (the three of energy together), times its weight.
pub fn standard(bars: &[Bar]) -> Vec<Features> {
    let mut points = vec![[0.0; FEATURES]; bars.len()];
    let [chroma, timbre, energy] = WEIGHTS;
    let energy = energy / 3f64.sqrt();
    put_group(&mut points, 0, chroma, CHROMA_FLOOR, bars.iter().map(|bar| bar.chroma));
    put_group(&mut points, 12, timbre, TIMBRE_FLOOR, bars.iter().map(|bar| bar.timbre));
    put_group(&mut points, 24, energy, LEVEL_FLOOR, bars.iter().map(|bar| [bar.level]));
    put_group(&mut points, 25, energy, LEVEL_FLOOR, bars.iter().map(|bar| [bar.low_level]));
    put_group(&mut points, 26, energy, FLUX_FLOOR, bars.iter().map(|bar| [bar.flux]));
    points
}

/// Writes a group of `N` features to `points` from the column `at` on: minus their mean, divided by their
/// standard deviation (all columns together, at least `floor`), times `weight`.
fn put_group<const N: usize>(
    points: &mut [Features],
    at: usize,
    weight: f64,
    floor: f64,
    values: impl Iterator<Item = [f64; N]> + Clone,
) {
    let count = points.len().max(1) as f64;
    let mut means = [0.0; N];
    values.clone().for_each(|row| means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / count));
    let square = |row: [f64; N]| row.iter().zip(&means).map(|(v, mean)| (v - mean).powi(2)).sum::<f64>();
    let spread = (values.clone().map(square).sum::<f64>() / count).sqrt().max(floor);
    for (point, row) in points.iter_mut().zip(values) {
        for ((to, value), mean) in point[at..at + N].iter_mut().zip(row).zip(&means) {
            *to = weight * (value - mean) / spread;
        }
    }
}

/// Invalid values count as silence.
fn clean(value: f32) -> f64 {
    if value.is_finite() { f64::from(value) } else { 0.0 }
}

fn mean(values: &[f32], from: usize, to: usize) -> f64 {
    let part = values.get(from.min(values.len())..to.min(values.len())).unwrap_or_default();
    part.iter().map(|value| clean(*value)).sum::<f64>() / part.len().max(1) as f64
}

fn mean_rows(rows: &[[f32; 12]], from: usize, to: usize) -> [f64; 12] {
    let part = rows.get(from.min(rows.len())..to.min(rows.len())).unwrap_or_default();
    let mut means = [0.0; 12];
    for row in part {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += clean(*value));
    }
    means.map(|sum| sum / part.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(levels: impl Iterator<Item = f32>) -> SpectralTrack {
        let level: Vec<f32> = levels.collect();
        let (chroma, timbre) = (vec![[1.0; 12]; level.len()], vec![[0.1; 12]; level.len()]);
        let flux = vec![f32::NAN; level.len()];
        SpectralTrack { chroma, timbre, low_level: level.clone(), low: flux.clone(), flux, level }
    }

    #[test]
    fn a_group_has_variance_one_and_what_is_flat_stays_zero() {
        let track = track((0..400).map(|i| if i < 200 { 0.2 } else { 0.6 }));
        let bars = bars(&track, &[0.0, 100.0, 200.0, 300.0, 400.0]);
        let points = standard(&bars);
        let expected = WEIGHTS[2] / 3f64.sqrt();
        assert!((points[0][24] + expected).abs() < 1e-6 && (points[3][25] - expected).abs() < 1e-6);
        // Constant chroma and timbre, and a flux that is not finite.
        assert!(points.iter().all(|p| p[..24].iter().all(|v| v.abs() < 1e-9) && p[26] == 0.0));
        assert!((bars[0].chroma[3] - 12f64.sqrt().recip()).abs() < 1e-6);
    }

    #[test]
    fn lines_beyond_the_end_give_silent_bars() {
        let bars = bars(&track((0..10).map(|_| 0.5)), &[0.0, 10.0, 30.0]);
        assert_eq!((bars.len(), bars[1].level), (2, 0.0));
        assert!(standard(&[]).is_empty());
    }
}
