use super::bar_features::{FEATURES, Features};

/// Bars of the shortest section (except the first and the last) and of the longest.
const LEAST_BARS: usize = 4;
const MOST_BARS: usize = 32;
/// The shortest first or last section, in bars.
const LEAST_END_BARS: usize = 2;
/// Cost of a section, in units of a bar's mean squared distance from the track's mean.
const SECTION_COST: f64 = 3.0;
/// The bonus of a boundary per unit of novelty above the track's mean.
const NOVELTY_GAIN: f64 = 4.0;
/// Novelty above the mean counts up to this.
const MOST_NOVELTY: f64 = 1.5;
/// Cost of a length that is not a multiple of four bars, as phrases are.
const EVEN_COST: f64 = 1.0;
const ODD_COST: f64 = 1.5;
/// Bars on either side that novelty compares.
const NOVELTY_BARS: usize = 4;
/// A track that varies less than this has no sections: mean squared distance from its mean.
const LEAST_SCATTER: f64 = 0.25;
/// The least mean novelty by which novelty is normalised.
const LEAST_NOVELTY: f64 = 0.2;

/// Prefix sums over the bars, which make the mean and the scatter of any range of bars cheap.
pub struct Sums {
    sums: Vec<Features>,
    squares: Vec<f64>,
}

impl Sums {
    pub fn new(bars: &[Features]) -> Self {
        let (mut sums, mut squares) = (vec![[0.0; FEATURES]], vec![0.0]);
        let (mut sum, mut square) = ([0.0; FEATURES], 0.0);
        for bar in bars {
            sum.iter_mut().zip(bar).for_each(|(sum, value)| *sum += value);
            square += bar.iter().map(|value| value * value).sum::<f64>();
            sums.push(sum);
            squares.push(square);
        }
        Self { sums, squares }
    }

    /// Returns the mean of the bars `from..to`.
    pub fn mean(&self, from: usize, to: usize) -> Features {
        let count = to.saturating_sub(from).max(1) as f64;
        std::array::from_fn(|i| (self.sums[to][i] - self.sums[from][i]) / count)
    }

    /// Returns the sum of the squared distances of the bars `from..to` from their mean.
    pub fn scatter(&self, from: usize, to: usize) -> f64 {
        let mean = self.mean(from, to);
        let of_mean = mean.iter().map(|value| value * value).sum::<f64>() * to.saturating_sub(from) as f64;
        self.squares[to] - self.squares[from] - of_mean
    }

    /// Returns the number of bars.
    pub fn len(&self) -> usize {
        self.squares.len() - 1
    }
}

pub fn distance(a: &Features, b: &Features) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// Returns the novelty at each bar line: the distance between the means of the four bars before and after, in
/// units of its mean over the track. One value per bar; 0 near the ends.
pub fn novelty(sums: &Sums) -> Vec<f64> {
    let bars = sums.len();
    let inner = 2..bars.saturating_sub(1).max(2);
    let mut values = vec![0.0; bars];
    for bar in inner.clone() {
        let (from, to) = (bar.saturating_sub(NOVELTY_BARS), (bar + NOVELTY_BARS).min(bars));
        values[bar] = distance(&sums.mean(from, bar), &sums.mean(bar, to));
    }
    let mean = values.iter().sum::<f64>() / inner.len().max(1) as f64;
    values.iter_mut().for_each(|value| *value /= mean.max(LEAST_NOVELTY));
    values
}

/// Returns the bars at which sections begin, the first of them 0. Of all segmentations it selects the one
/// whose bars are closest to their sections' means. Each section has a cost, which is lower where something
/// new begins and higher if the length is not a whole number of four-bar phrases.
///
/// Optimal segmentation by dynamic programming (Jackson and others 2005; Levy and Sandler 2008 constrain the
/// same measure for music), with 32 steps per bar. Among equals the longest section wins.
pub fn boundaries(sums: &Sums, novelty: &[f64]) -> Vec<usize> {
    let bars = sums.len();
    let unit = sums.scatter(0, bars) / bars.max(1) as f64;
    if bars < 2 * LEAST_BARS || unit < LEAST_SCATTER {
        return vec![0];
    }
    let costs = Costs { sums, novelty, unit };
    let mut best = vec![f64::INFINITY; bars + 1];
    let mut from = vec![0; bars + 1];
    best[0] = 0.0;
    for end in 1..=bars {
        for start in end.saturating_sub(MOST_BARS)..end {
            let cost = best[start] + costs.section(start, end);
            if cost < best[end] {
                (best[end], from[end]) = (cost, start);
            }
        }
    }
    let mut starts: Vec<usize> =
        std::iter::successors(Some(from[bars]), |start| (*start > 0).then(|| from[*start])).collect();
    starts.reverse();
    starts
}

/// The data that a section's cost depends on.
struct Costs<'a> {
    sums: &'a Sums,
    novelty: &'a [f64],
    /// Mean squared distance of a bar from the mean of the track.
    unit: f64,
}

impl Costs<'_> {
    /// Returns the cost of a section of the bars `start..end`; infinite if it is too short.
    fn section(&self, start: usize, end: usize) -> f64 {
        let (length, is_inside) = (end - start, start > 0 && end < self.sums.len());
        if length < LEAST_END_BARS || length < LEAST_BARS && is_inside {
            return f64::INFINITY;
        }
        let scatter = self.sums.scatter(start, end) / self.unit;
        let news = if start > 0 { (self.novelty[start] - 1.0).clamp(-1.0, MOST_NOVELTY) } else { 0.0 };
        let phrase = match length % 4 {
            0 => 0.0,
            _ if !is_inside => 0.0,
            2 => EVEN_COST,
            _ => ODD_COST,
        };
        scatter + SECTION_COST - NOVELTY_GAIN * news + phrase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(parts: &[(usize, f64)]) -> Vec<Features> {
        let bar = |value: f64| std::array::from_fn(|i| if i == 24 { value } else { 0.0 });
        parts.iter().flat_map(|(count, value)| vec![bar(*value); *count]).collect()
    }

    fn starts(bars: &[Features]) -> Vec<usize> {
        let sums = Sums::new(bars);
        boundaries(&sums, &novelty(&sums))
    }

    #[test]
    fn sections_begin_where_the_music_changes() {
        let parts = [(8, -1.0), (16, 1.0), (8, -0.5), (12, 1.5)];
        assert_eq!(starts(&bars(&parts)), [0, 8, 24, 32]);
    }

    #[test]
    fn steady_and_short_music_is_one_section() {
        assert_eq!(starts(&bars(&[(60, 0.1)])), [0]);
        assert_eq!(starts(&[]), [0]);
        assert_eq!(starts(&bars(&[(7, 1.0)])), [0]);
    }

    #[test]
    fn an_hour_is_done_at_once() {
        let bars: Vec<Features> =
            (0..1800).map(|i| [f64::from(i / 12 % 5) + f64::from(i % 2) * 0.1; 27]).collect();
        let cuts = starts(&bars);
        assert!((100..200).contains(&cuts.len()), "{}", cuts.len());
    }
}
