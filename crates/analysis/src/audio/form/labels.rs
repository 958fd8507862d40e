use super::bar_features::Features;
use super::segmentation::{Sums, distance};

/// The largest distance of similar sections, in units of the spread of the bars.
const ALIKE: f64 = 0.9;
/// The least spread of bars; in flatter music all sections are similar.
const LEAST_SPREAD: f64 = 0.5;

/// Returns a letter for each section from `starts` on: similar sections share a letter, in order of first
/// appearance.
///
/// Average linkage (Sokal and Michener 1958) of the sections' means, up to [`ALIKE`].
pub fn labels(sums: &Sums, starts: &[usize]) -> Vec<String> {
    let ends = starts.iter().skip(1).copied().chain([sums.len()]);
    let means: Vec<Features> = starts.iter().zip(ends).map(|(start, end)| sums.mean(*start, end)).collect();
    let spread = (sums.scatter(0, sums.len()) / sums.len().max(1) as f64).max(0.0).sqrt();
    let groups = linked(&means, ALIKE * spread.max(LEAST_SPREAD));
    let mut names = vec![String::new(); means.len()];
    for (group, members) in groups.iter().enumerate() {
        members.iter().for_each(|member| names[*member] = letters(group));
    }
    names
}

/// Returns groups of `points` whose mean distances are at most `limit`, each in ascending order, and in the
/// order of their first members. The nearest two are joined first; among equals, the earliest.
fn linked(points: &[Features], limit: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..points.len()).map(|i| vec![i]).collect();
    let mut between: Vec<Vec<f64>> =
        points.iter().map(|a| points.iter().map(|b| distance(a, b)).collect()).collect();
    while let Some((kept, joined)) = nearest_pair(&between, limit) {
        let (a, b) = (groups[kept].len() as f64, groups[joined].len() as f64);
        let means: Vec<f64> =
            between[kept].iter().zip(&between[joined]).map(|(x, y)| (a * x + b * y) / (a + b)).collect();
        between.iter_mut().zip(&means).for_each(|(row, mean)| row[kept] = *mean);
        between[kept] = means;
        between.remove(joined);
        for row in &mut between {
            row.remove(joined);
        }
        let members = groups.remove(joined);
        groups[kept].extend(members);
        groups[kept].sort_unstable();
    }
    groups
}

/// Returns the two groups nearest to each other, if they are within `limit`.
fn nearest_pair(between: &[Vec<f64>], limit: f64) -> Option<(usize, usize)> {
    let mut nearest = None;
    let mut least = f64::INFINITY;
    for (i, row) in between.iter().enumerate() {
        for (j, value) in row.iter().enumerate().skip(i + 1) {
            if *value < least && *value <= limit {
                (least, nearest) = (*value, Some((i, j)));
            }
        }
    }
    nearest
}

/// Returns A to Z, then AA, AB and so on.
fn letters(index: usize) -> String {
    let last = char::from(b'A' + (index % 26) as u8);
    if index < 26 { last.to_string() } else { letters(index / 26 - 1) + &last.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::form::bar_features::FEATURES;

    #[test]
    fn what_comes_back_has_its_letter_again() {
        let bar = |value: f64| [value; FEATURES];
        let bars: Vec<Features> =
            [1.0, -1.0, 1.02, 0.0, -1.0].iter().flat_map(|value| vec![bar(*value); 8]).collect();
        assert_eq!(labels(&Sums::new(&bars), &[0, 8, 16, 24, 32]), ["A", "B", "A", "C", "B"]);
        let flat = vec![bar(0.001); 40];
        assert_eq!(labels(&Sums::new(&flat), &[0, 20]), ["A", "A"]);
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 52, 702].map(letters), ["A", "Z", "AA", "BA", "AAA"]);
    }
}
