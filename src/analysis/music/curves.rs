//! Small operations on curves of equally spaced values.

/// The mean of the `radius` neighbours on both sides and the value itself; fewer at the ends.
pub fn moving_mean(values: &[f64], radius: usize) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0);
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    (0..values.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(radius), (i + radius + 1).min(values.len()));
            (sums[to] - sums[from]) / (to - from) as f64
        })
        .collect()
}

/// The value below which the share `share` of `values` lies; 0 where there are none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

/// The mean; 0 where there are none.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Where the peak at `i` is, in parts of a step, by the parabola through it and its neighbours.
pub fn peak_position(values: &[f64], i: usize) -> f64 {
    if i == 0 || i + 1 >= values.len() {
        return i as f64;
    }
    let (before, at, after) = (values[i - 1], values[i], values[i + 1]);
    let bend = before - 2.0 * at + after;
    if bend >= 0.0 { i as f64 } else { i as f64 + (0.5 * (before - after) / bend).clamp(-0.5, 0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_quantiles_and_peaks() {
        assert_eq!(moving_mean(&[1.0, 2.0, 3.0, 4.0], 1), [1.5, 2.0, 3.0, 3.5]);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
        assert_eq!(peak_position(&[0.0, 2.0, 2.0], 1), 1.5);
        assert_eq!(peak_position(&[5.0], 0), 0.0);
    }
}
