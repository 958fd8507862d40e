/// Computes the lowest and the highest sample of each of a number of equal ranges, from samples as they come.
pub struct Peaks {
    total: u64,
    taken: u64,
    ranges: Vec<(f32, f32)>,
}

impl Peaks {
    /// Returns peaks of `total` samples in `columns` ranges; later samples are ignored.
    pub fn new(total: u64, columns: usize) -> Self {
        Self { total: total.max(1), taken: 0, ranges: vec![(f32::INFINITY, f32::NEG_INFINITY); columns] }
    }

    /// Adds the next samples.
    pub fn samples(&mut self, samples: &[f32]) {
        let columns = self.ranges.len() as u128;
        for sample in samples {
            let column = u128::from(self.taken) * columns / u128::from(self.total);
            self.taken += 1;
            if let Some(range) = self.ranges.get_mut(column as usize) {
                *range = (range.0.min(*sample), range.1.max(*sample));
            }
        }
    }

    /// Returns the ranges; (0, 0) for those without a sample.
    pub fn finish(self) -> Vec<(f32, f32)> {
        self.ranges
            .into_iter()
            .map(|(low, high)| if low <= high { (low, high) } else { (0.0, 0.0) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_its_extremes() {
        let mut peaks = Peaks::new(6, 3);
        peaks.samples(&[0.1, -0.2, 0.3]);
        peaks.samples(&[0.0, f32::NAN, 0.9]);
        assert_eq!(peaks.finish(), [(-0.2, 0.1), (0.0, 0.3), (0.9, 0.9)]);
        assert_eq!(Peaks::new(0, 2).finish(), [(0.0, 0.0); 2]);
    }
}
