use super::bar_features::Bar;

/// A track whose level varies less than this (log10 of magnitude) has no dynamics.
const FLAT_LEVEL: f64 = 0.02;

/// Returns the energy of each bar relative to the other bars, from 0 (least) to 1 (most): the mean of its
/// ranks in level, low level and flux. A track without dynamics has 0.5 everywhere, silence has 0.
pub fn bar_energy(bars: &[Bar]) -> Vec<f64> {
    let column = |feature: fn(&Bar) -> f64| -> Vec<f64> { bars.iter().map(feature).collect() };
    let level = column(|bar| bar.level);
    if spread(&level) < FLAT_LEVEL {
        let is_silent = level.iter().all(|level| *level <= 0.0);
        return vec![if is_silent { 0.0 } else { 0.5 }; bars.len()];
    }
    let (level, low, flux) =
        (ranks(&level), ranks(&column(|bar| bar.low_level)), ranks(&column(|bar| bar.flux)));
    level.iter().zip(low).zip(flux).map(|((level, low), flux)| (level + low + flux) / 3.0).collect()
}

/// Returns the rank of each value, from 0 (least) to 1 (most); equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let last = values.len().saturating_sub(1).max(1) as f64;
    let mut rank = 0;
    for equals in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let middle = rank as f64 + (equals.len() - 1) as f64 / 2.0;
        equals.iter().for_each(|i| ranks[*i] = middle / last);
        rank += equals.len();
    }
    ranks
}

fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_go_from_nought_to_one_and_equals_share() {
        assert_eq!(ranks(&[0.3, 0.1, 0.3, 0.9, 0.2]), [0.625, 0.0, 0.625, 1.0, 0.25]);
        assert_eq!(ranks(&[7.0]), [0.0]);
        let silence = [Bar::default(); 3];
        assert_eq!(bar_energy(&silence), [0.0; 3]);
        assert_eq!(bar_energy(&[Bar { level: 0.5, ..Bar::default() }; 2]), [0.5; 2]);
    }
}
