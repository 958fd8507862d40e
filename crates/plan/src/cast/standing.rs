use mmm_facts::Issue;

use super::candidate::Candidate;

/// The least and the most spread of the looks of a set; it is one of the steps between, each √2 times the one
/// before, so that one more medium seldom changes it.
const SPREADS: [f64; 6] = [0.05, 0.071, 0.1, 0.141, 0.2, 0.283];
/// The middle of the looks is rounded to this, for the same reason.
const MIDDLE_STEP: f64 = 0.05;
/// The least spread of a set of fewer than `LEAST_MEDIA`: so few say little about how far looks differ.
const OF_FEW: f64 = 0.2;
/// How much a look that is one spread better gains; far better ones gain less.
const GAIN: f64 = 0.3;
/// The median absolute deviation of a normal distribution, in standard deviations.
const NORMAL: f64 = 0.6745;
/// An issue of more than half of a set or of a chapter of at least so many media is its look, and no reason
/// to leave a medium out: the pictures of a night are dark.
const LEAST_MEDIA: usize = 6;
/// The issues that depend on where media were taken and with what.
const EXCUSABLE: [Issue; 5] =
    [Issue::Blurred, Issue::Underexposed, Issue::Overexposed, Issue::Small, Issue::Shaky];

/// The looks of a set, against which each of its media is judged: none is good or bad by itself.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Standing {
    middle: f64,
    spread: f64,
}

impl Standing {
    /// Measures the looks of a set, robustly: by their median and their median absolute deviation.
    pub fn of(mut looks: Vec<f64>) -> Self {
        let is_small = looks.len() < LEAST_MEDIA;
        let middle = median(&mut looks);
        let mut apart: Vec<f64> = looks.iter().map(|look| (look - middle).abs()).collect();
        let spread = median(&mut apart) / NORMAL;
        // The nearest step, by ratio.
        let is_under = |step: &&f64| **step * 2f64.sqrt().sqrt() < spread;
        let at = SPREADS.iter().filter(is_under).count().min(SPREADS.len() - 1);
        let spread = if is_small { SPREADS[at].max(OF_FEW) } else { SPREADS[at] };
        Self { middle: (middle / MIDDLE_STEP).round() * MIDDLE_STEP, spread }
    }

    /// Returns how good a look is in this set: 0 the worst … 0.5 usual … 1 the best.
    pub fn merit(&self, look: f64) -> f64 {
        0.5 + 0.5 * (GAIN * (look - self.middle) / self.spread).tanh()
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.5)
}

/// Compares the candidates with each other: sets their scores and the issues that count.
pub(super) fn compare(candidates: &mut [Candidate]) {
    let standing = Standing::of(candidates.iter().map(|one| one.look.aesthetic.get()).collect());
    let chapters = candidates.iter().map(|one| one.place.chapter + 1).max().unwrap_or(0);
    let mut sizes = vec![0; chapters];
    candidates.iter().for_each(|one| sizes[one.place.chapter] += 1);
    for issue in EXCUSABLE {
        let mut found = vec![0; chapters];
        let with_issue = candidates.iter().filter(|one| one.issues.contains(&issue));
        with_issue.for_each(|one| found[one.place.chapter] += 1);
        let is_usual = |found: usize, all: usize| all >= LEAST_MEDIA && 2 * found > all;
        let everywhere = is_usual(found.iter().sum(), candidates.len());
        for one in candidates.iter_mut() {
            let chapter = one.place.chapter;
            if everywhere || is_usual(found[chapter], sizes[chapter]) {
                one.flaws.retain(|flaw| *flaw != issue);
            }
        }
    }
    for one in candidates {
        let merit = standing.merit(one.look.aesthetic.get());
        one.rate(merit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_media_hardly_differ() {
        let few = Standing::of(vec![0.5, 0.52, 0.7]);
        assert!(few.merit(0.7) - few.merit(0.5) < 0.2);
        let many = Standing::of((0..40).map(|n| if n < 35 { 0.5 } else { 0.7 }).collect());
        assert!(many.merit(0.7) - many.merit(0.5) > 0.3);
    }

    #[test]
    fn looks_are_judged_by_those_of_the_set() {
        let bright = Standing::of((0..40).map(|n| 0.5 + 0.01 * f64::from(n)).collect());
        let dark = Standing::of((0..40).map(|n| 0.02 + 0.01 * f64::from(n)).collect());
        assert!((bright.merit(0.7) - 0.5).abs() < 0.06 && (dark.merit(0.22) - 0.5).abs() < 0.06);
        assert!(dark.merit(0.4) > 0.6 && bright.merit(0.4) < 0.3);
        for standing in [bright, dark] {
            let merits: Vec<f64> = (0..=10).map(|n| standing.merit(f64::from(n) / 10.0)).collect();
            assert!(merits.is_sorted_by(|one, other| one < other), "{merits:?}");
        }
    }

    #[test]
    fn one_more_medium_changes_hardly_any_standing() {
        let looks = |more: u32| (0..100 + more).map(|n| f64::from(n * 37 % 101) / 101.0).collect();
        let changes = (0..40).filter(|more| Standing::of(looks(*more)) != Standing::of(looks(more + 1)));
        assert!(changes.count() <= 2);
    }

    #[test]
    fn a_set_of_one_or_of_equals_is_usual() {
        assert!((Standing::of(vec![0.9]).merit(0.9) - 0.5).abs() < 1e-9);
        assert!((Standing::of(vec![0.35; 9]).merit(0.35) - 0.5).abs() < 1e-9);
    }
}
