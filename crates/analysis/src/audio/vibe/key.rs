/// The key profiles of Krumhansl and Kessler (1982), tonic first.
const MAJOR: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// Returns how much better the best major key fits the chroma than the best minor key, -2..=2: the difference
/// of the largest correlations with their profiles (Krumhansl 1990). The chroma may start at any pitch class;
/// 0 in silence and in noise.
pub fn leaning_to_major(chroma: &[f64; 12]) -> f64 {
    let best =
        |profile: &[f64; 12]| (0..12).map(|tonic| correlation(chroma, profile, tonic)).fold(-1.0, f64::max);
    best(&MAJOR) - best(&MINOR)
}

/// Returns Pearson's correlation of `profile` with `chroma`, rotated so that `tonic` comes first.
fn correlation(chroma: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let (chroma_mean, profile_mean) = (chroma.iter().sum::<f64>() / 12.0, profile.iter().sum::<f64>() / 12.0);
    let (mut both, mut a, mut b) = (0.0, 0.0, 0.0);
    for (i, weight) in profile.iter().enumerate() {
        let (x, y) = (chroma[(tonic + i) % 12] - chroma_mean, weight - profile_mean);
        both += x * y;
        a += x * x;
        b += y * y;
    }
    if a > 0.0 { both / (a * b).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(chords: [[usize; 3]; 3]) -> [f64; 12] {
        let mut sum = [0.1; 12];
        chords.iter().flatten().for_each(|pitch| sum[*pitch] += 1.0);
        sum
    }

    #[test]
    fn major_and_minor_are_told_apart_in_any_key() {
        // Tonic, subdominant and dominant; the dominant of the minor key is major.
        for tonic in 0..12 {
            let at = |pitch: usize| (pitch + tonic) % 12;
            assert!(leaning_to_major(&sum([[0, 4, 7], [5, 9, 0], [7, 11, 2]].map(|c| c.map(at)))) > 0.1);
            assert!(leaning_to_major(&sum([[0, 3, 7], [5, 8, 0], [7, 11, 2]].map(|c| c.map(at)))) < -0.1);
        }
        assert_eq!(leaning_to_major(&[0.0; 12]), 0.0);
        assert_eq!(leaning_to_major(&[1.0; 12]), 0.0);
    }
}
