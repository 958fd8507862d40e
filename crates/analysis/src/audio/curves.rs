//! Small operations on curves of equally spaced values.

/// Returns prefix sums: the sum of the values before each index, and of all; one more than `values`.
pub fn sums(values: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for value in values {
        sum += value;
        sums.push(sum);
    }
    sums
}

/// Returns the largest of each value and its `radius` neighbours on both sides.
pub fn moving_max(values: &[f64], radius: usize) -> Vec<f64> {
    // Indices with decreasing values from front to back: the front is the largest in reach.
    let mut falling: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
    let mut largest = Vec::with_capacity(values.len());
    let mut next = 0;
    for i in 0..values.len() {
        while next < values.len() && next <= i + radius {
            while falling.back().is_some_and(|&last| values[last] <= values[next]) {
                falling.pop_back();
            }
            falling.push_back(next);
            next += 1;
        }
        while falling.front().is_some_and(|&first| first + radius < i) {
            falling.pop_front();
        }
        largest.push(falling.front().map_or(values[i], |&first| values[first]));
    }
    largest
}

/// Returns the value below which `share` of `values` lies, interpolated linearly; 0 if there are none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = last as f64 * share.clamp(0.0, 1.0);
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

/// Returns the median; 0 if there are no values.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// Returns the mean; 0 if there are no values.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Returns `values` minus their mean, in units of their standard deviation.
pub fn standard(values: &[f64]) -> Vec<f64> {
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    let spread = mean(&squares).sqrt() + 1e-9;
    values.iter().map(|value| (value - centre) / spread).collect()
}

/// Returns the distances from each value to the next.
pub fn steps(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Returns the index of the largest value, the first of equals; 0 if there are none.
pub fn largest(values: &[f64]) -> usize {
    let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
    (0..values.len()).reduce(better).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_maxima_and_quantiles() {
        assert_eq!(sums(&[1.0, 2.0, 3.0]), [0.0, 1.0, 3.0, 6.0]);
        assert_eq!(moving_max(&[1.0, 5.0, 2.0, 0.0, 3.0], 1), [5.0, 5.0, 5.0, 3.0, 3.0]);
        assert_eq!(quantile(&[3.0, 1.0, 2.0, 4.0], 0.5), 2.5);
        assert_eq!(quantile(&[], 0.5), 0.0);
        assert_eq!(largest(&[1.0, 3.0, 3.0]), 1);
        let standard = standard(&[1.0, 3.0]);
        assert!((standard[0] + 1.0).abs() < 1e-6 && (standard[1] - 1.0).abs() < 1e-6);
    }
}
