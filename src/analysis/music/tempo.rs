use super::curves::{mean, quantile};
use super::pulse::HOP_S;

/// Beats whose median distance is the local period, on either side.
const NEIGHBOURS: usize = 6;
/// Periods that a listener taps to, in seconds (206 to 50 beats a minute).
const PERIODS_S: std::ops::RangeInclusive<f64> = 0.29..=1.2;
/// What a tracker that leans towards 120 beats a minute takes a tempo for, as parts of its
/// period. Half and double are left: they are the same beats to a listener.
const MISTAKES: [f64; 5] = [1.0, 2.0 / 3.0, 3.0 / 4.0, 4.0 / 3.0, 3.0 / 2.0];
/// How much clearer than the tracker's own another tempo has to be.
const BENEFIT: f64 = 1.05;

/// The period of the beats over time: how long a beat is at each hop, in hops; never empty.
#[derive(Clone, Debug)]
pub struct Course(Vec<f64>);

impl Course {
    /// The course of `found`, a tracker's beats in seconds, over `hops` hops; none with too few
    /// beats.
    pub fn of(found: &[f64], hops: usize) -> Option<Self> {
        let distances: Vec<f64> = found.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if distances.len() < 3 || hops == 0 {
            return None;
        }
        let medians: Vec<f64> = (0..distances.len())
            .map(|i| {
                let near = i.saturating_sub(NEIGHBOURS)..(i + NEIGHBOURS + 1).min(distances.len());
                quantile(&distances[near], 0.5).clamp(*PERIODS_S.start(), *PERIODS_S.end()) / HOP_S
            })
            .collect();
        let mut beat = 0;
        let period_at = |hop: usize| {
            while beat + 1 < medians.len() && found[beat + 1] < hop as f64 * HOP_S {
                beat += 1;
            }
            medians[beat]
        };
        Some(Self((0..hops).map(period_at).collect()))
    }

    /// The period at each hop, in hops.
    pub fn periods(&self) -> &[f64] {
        &self.0
    }

    fn scaled(&self, by: f64) -> Self {
        Self(self.0.iter().map(|period| period * by).collect())
    }

    fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }
}

/// Of `courses` and what they may be mistakes for, the one that shows clearest in `novelty`, and
/// how clear it is, −1..=1.
pub fn clearest(courses: &[Course], novelty: &[f64]) -> Option<(Course, f64)> {
    let centred = centred(novelty);
    let candidates = courses
        .iter()
        .flat_map(|course| MISTAKES.into_iter().map(move |by| (course, by, course.median() * by)));
    candidates
        .filter(|(_, by, period)| *by == 1.0 || PERIODS_S.contains(&(period * HOP_S)))
        .map(|(course, by, period)| (course, by, clarity(&centred, period)))
        .max_by(|a, b| weight(a.1, a.2).total_cmp(&weight(b.1, b.2)))
        .map(|(course, by, clarity)| (course.scaled(by), clarity))
}

fn weight(by: f64, clarity: f64) -> f64 {
    if by == 1.0 { clarity * BENEFIT } else { clarity }
}

/// Pulse clarity (Lartillot, Eerola, Toiviainen and Fornari, "Multi-feature modeling of pulse
/// clarity", 2008): how much the novelty is like itself one, two and four beats later.
fn clarity(centred: &[f64], period: f64) -> f64 {
    mean(&[1.0, 2.0, 4.0].map(|beats| {
        let lag = (period * beats).round() as usize;
        (lag.saturating_sub(1)..=lag + 1).map(|lag| likeness(centred, lag)).fold(-1.0, f64::max)
    }))
}

/// The autocorrelation at `lag`, 1 for what repeats exactly; 0 where there is too little.
fn likeness(centred: &[f64], lag: usize) -> f64 {
    let energy: f64 = centred.iter().map(|value| value * value).sum();
    if lag == 0 || lag * 10 > centred.len() * 7 || energy <= 0.0 {
        return 0.0;
    }
    let product: f64 = centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum();
    product / energy * centred.len() as f64 / (centred.len() - lag) as f64
}

fn centred(values: &[f64]) -> Vec<f64> {
    let centre = mean(values);
    values.iter().map(|value| value - centre).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tempo_taken_for_two_thirds_of_it_is_put_right() {
        let mut novelty = vec![0.0; 3000];
        (0..3000).step_by(30).for_each(|hop| novelty[hop] = 1.0);
        let found: Vec<f64> = (0..60).map(|i| f64::from(i) * 45.0 * HOP_S).collect();
        let course = Course::of(&found, novelty.len()).unwrap();
        let (course, clarity) = clearest(&[course], &novelty).unwrap();
        assert!((course.median() - 30.0).abs() < 0.5, "{}", course.median());
        assert!(clarity > 0.9);
    }

    #[test]
    fn too_few_beats_have_no_tempo() {
        assert!(Course::of(&[0.5, 1.0, 1.5], 300).is_none());
        assert!(clearest(&[], &[0.0; 10]).is_none());
    }
}
