use super::curves::{moving_mean, peak_position};
use super::tempo::Course;

/// How much an uneven beat costs, against the novelty that it gains.
const TIGHTNESS: f64 = 60.0;
/// Length over which the loudness of the novelty is evened out, in hops (about 8 s).
const EVEN_HOPS: usize = 345;
/// A hop's novelty is what stands out of half a second on either side.
const FLOOR_HOPS: usize = 43;

/// What new sound there is at each hop, made comparable over the piece: what stands out of the
/// local mean, over the local root mean square, smoothed a little.
pub fn even_novelty(novelty: &[f32]) -> Vec<f64> {
    let raw: Vec<f64> = novelty.iter().map(|value| f64::from(*value)).collect();
    let floor = moving_mean(&raw, FLOOR_HOPS);
    let above: Vec<f64> = raw.iter().zip(&floor).map(|(value, floor)| (value - floor).max(0.0)).collect();
    let squares: Vec<f64> = above.iter().map(|value| value * value).collect();
    let loud: Vec<f64> = moving_mean(&squares, EVEN_HOPS).into_iter().map(f64::sqrt).collect();
    let loudest = loud.iter().copied().fold(0.0, f64::max);
    if loudest <= 0.0 {
        return vec![0.0; above.len()];
    }
    let even: Vec<f64> =
        above.iter().zip(&loud).map(|(value, loud)| value / (loud + 0.05 * loudest)).collect();
    bell(&even)
}

/// `values` under a bell of about 1.2 hops.
fn bell(values: &[f64]) -> Vec<f64> {
    const BELL: [f64; 7] = [0.0146, 0.0829, 0.2349, 0.3324, 0.2349, 0.0829, 0.0146];
    let at = |i: usize, k: usize| (i + k).checked_sub(3).and_then(|j| values.get(j)).unwrap_or(&0.0);
    (0..values.len()).map(|i| (0..BELL.len()).map(|k| BELL[k] * at(i, k)).sum()).collect()
}

/// The beats, in hops and parts of a hop, that follow the tempo of `course` and lie where
/// `novelty` is high; both are equally long.
///
/// A tracker that listens forward reports a beat too many here and none there, and knows nothing
/// of the beginning. So only its tempo is taken; the beats are the best path through the whole
/// novelty by dynamic programming: Ellis, "Beat tracking by dynamic programming", 2007.
pub fn even_beats(course: &Course, novelty: &[f64]) -> Vec<f64> {
    let periods = course.periods();
    let (scores, before) = best_paths(novelty, periods);
    let last = novelty.len().saturating_sub(periods[periods.len() - 1] as usize + 1);
    let end = (last..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut path: Vec<usize> = std::iter::successors(end, |hop| before[*hop]).collect();
    path.reverse();
    path.into_iter().map(|hop| peak_position(novelty, hop)).collect()
}

/// The best score of a path of beats that ends at each hop, and the beat before it.
fn best_paths(novelty: &[f64], periods: &[f64]) -> (Vec<f64>, Vec<Option<usize>>) {
    let mut scores: Vec<f64> = Vec::with_capacity(novelty.len());
    let mut before = Vec::with_capacity(novelty.len());
    for (hop, (value, period)) in novelty.iter().zip(periods).enumerate() {
        let nearest = hop.saturating_sub((period / 1.6) as usize);
        let farthest = hop.saturating_sub((period * 1.6) as usize);
        let best = (farthest..nearest)
            .map(|from| {
                let unevenness = ((hop - from) as f64 / period).ln();
                (from, scores[from] - TIGHTNESS * unevenness * unevenness)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, score)| *score > 0.0);
        scores.push(value + best.map_or(0.0, |(_, score)| score));
        before.push(best.map(|(from, _)| from));
    }
    (scores, before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::music::pulse::HOP_S;

    #[test]
    fn a_missing_and_a_doubled_beat_are_put_right() {
        let mut novelty = vec![0.0; 2000];
        (20..2000).step_by(43).for_each(|hop| novelty[hop] = 1.0);
        let mut found: Vec<f64> = (10..40).map(|i| (20.0 + 43.0 * f64::from(i)) * HOP_S).collect();
        found.remove(7);
        found.insert(12, found[12] - 0.1);
        let course = Course::of(&found, novelty.len()).unwrap();
        let beats = even_beats(&course, &novelty);
        assert_eq!(beats.len(), (20..2000).step_by(43).count());
        assert!(beats.iter().zip((20..2000).step_by(43)).all(|(beat, hop)| (beat - hop as f64).abs() < 0.6));
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let course = Course::of(&[0.5, 1.0, 1.5, 2.0], 500).unwrap();
        assert!(even_beats(&course, &[0.0; 500]).len() <= 1);
        assert_eq!(even_novelty(&[0.0; 4]), [0.0; 4]);
    }
}
