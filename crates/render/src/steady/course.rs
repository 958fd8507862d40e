use super::similarity::Similarity;
use mmm_base::Time;

/// The camera's path over a part of a clip, picture by picture.
pub(super) struct Course {
    times: Vec<Time>,
    /// The motion from the first picture to each, as [`Similarity::parts`].
    places: Vec<[f64; 4]>,
    last: Similarity,
}

/// Weights extend this many widths to both sides.
const REACH: f64 = 3.0;

impl Course {
    pub fn new() -> Self {
        Self { times: Vec::new(), places: Vec::new(), last: Similarity::NONE }
    }

    /// Adds the next picture and its motion relative to the one before.
    pub fn push(&mut self, time: Time, motion: &Similarity) {
        self.last = motion.after(&self.last);
        self.times.push(time);
        self.places.push(self.last.parts());
    }

    pub fn times(&self) -> &[Time] {
        &self.times
    }

    /// Returns the correction that moves each picture onto the smooth path: it maps positions as shown to
    /// positions in the picture.
    ///
    /// The smooth path is, at each time, the straight line that fits the true path best around it, with
    /// Gaussian weights of this width in seconds (Savitzky and Golay's idea; Cleveland 1979). So a steady pan
    /// is unchanged from the first picture to the last.
    pub fn corrections(&self, width_s: f64) -> Vec<Similarity> {
        let all = 0..self.times.len();
        all.map(|at| {
            let smooth = Similarity::of_parts([0, 1, 2, 3].map(|part| self.smooth(at, part, width_s)));
            Similarity::of_parts(self.places[at]).after(&smooth.inverse())
        })
        .collect()
    }

    fn smooth(&self, at: usize, part: usize, width_s: f64) -> f64 {
        let away = |other: usize| (self.times[other] - self.times[at]).secs() / width_s;
        let first = (0..at).rev().take_while(|other| away(*other) > -REACH).last().unwrap_or(at);
        let near = (first..self.times.len()).take_while(|other| away(*other) < REACH);
        // Sums of the weights times powers of time, and times the values.
        let (mut s0, mut s1, mut s2, mut v0, mut v1) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for other in near {
            let (time, value) = (away(other), self.places[other][part]);
            let weight = (-time * time / 2.0).exp();
            (s0, s1, s2) = (s0 + weight, s1 + weight * time, s2 + weight * time * time);
            (v0, v1) = (v0 + weight * value, v1 + weight * time * value);
        }
        let size = s0 * s2 - s1 * s1;
        if size > 1e-9 { (s2 * v0 - s1 * v1) / size } else { v0 / s0 }
    }
}

/// Returns shares of corrections that change as slowly as the path and never exceed what is allowed at their
/// picture: the minimum within this time on both sides, then the mean.
pub(super) fn eased(allowed: &[f64], times: &[Time], within: Time) -> Vec<f64> {
    let near = |at: usize| {
        let first = times.partition_point(|time| *time < times[at] - within);
        let end = times.partition_point(|time| *time <= times[at] + within);
        first..end
    };
    let least: Vec<f64> =
        (0..allowed.len()).map(|at| allowed[near(at)].iter().copied().fold(1.0, f64::min)).collect();
    let mean = |at: usize| {
        let part = &least[near(at)];
        part.iter().sum::<f64>() / part.len() as f64
    };
    (0..allowed.len()).map(mean).collect()
}
