/// The criteria for regions of a curve.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A region contains at least one value of this or more.
    pub open: f32,
    /// A region extends to both sides while the values are at least this.
    pub close: f32,
    /// Regions no further apart than this are joined, in steps of the curve.
    pub gap: usize,
    /// Regions shorter than this are dropped, in steps of the curve.
    pub least: usize,
}

/// The values `first..end` of a curve.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Region {
    pub first: usize,
    pub end: usize,
    /// Mean of the curve over the parts above the closing threshold.
    pub mean: f64,
}

impl Region {
    pub fn len(self) -> usize {
        self.end - self.first
    }
}

/// Returns the regions of `curve`, in order and separate: hysteresis thresholding, then joining, then
/// dropping.
pub fn regions(curve: &[f32], rule: &Rule) -> Vec<Region> {
    let mut joined: Vec<Region> = Vec::new();
    for region in above(curve, rule) {
        match joined.last_mut() {
            Some(last) if region.first - last.end <= rule.gap => *last = join(*last, region),
            _ => joined.push(region),
        }
    }
    joined.retain(|region| region.len() >= rule.least);
    joined
}

/// Returns runs of values of at least `close` that contain one of at least `open`.
fn above(curve: &[f32], rule: &Rule) -> Vec<Region> {
    let (mut found, mut first) = (Vec::new(), 0);
    for run in curve.chunk_by(|a, b| (*a >= rule.close) == (*b >= rule.close)) {
        if run[0] >= rule.close && run.iter().any(|value| *value >= rule.open) {
            let sum: f64 = run.iter().map(|value| f64::from(*value)).sum();
            found.push(Region { first, end: first + run.len(), mean: sum / run.len() as f64 });
        }
        first += run.len();
    }
    found
}

fn join(a: Region, b: Region) -> Region {
    let (m, n) = (a.len() as f64, b.len() as f64);
    Region { first: a.first, end: b.end, mean: (a.mean * m + b.mean * n) / (m + n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_open_high_close_low_join_and_drop() {
        let rule = Rule { open: 0.5, close: 0.25, gap: 1, least: 3 };
        let curve = [0.1, 0.3, 0.6, 0.3, 0.1, 0.5, 0.4, 0.0, 0.0, 0.4, 0.4, 0.4, 0.0, 0.9, 0.0, f32::NAN];
        let found = regions(&curve, &rule);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].first, found[0].end), (1, 7));
        assert!((found[0].mean - 0.42).abs() < 1e-6);
        assert_eq!(regions(&[], &rule), []);
    }
}
