use std::f64::consts::PI;

/// Taps on one side of the filter; every other one of them is zero.
const SIDE: usize = 15;

/// Halves the rate of a signal: a half-band low-pass (windowed sinc), then every other sample.
pub struct Halving {
    /// The weights at distances 1, 3, 5, … from the middle one, which is a half.
    taps: Vec<f32>,
    recent: Vec<f32>,
}

impl Halving {
    pub fn new() -> Self {
        let weight = |distance: f64| {
            let window = 0.5 + 0.5 * (PI * distance / (SIDE + 1) as f64).cos();
            (PI * distance / 2.0).sin() / (PI * distance) * window
        };
        let taps: Vec<f64> = (1..=SIDE).step_by(2).map(|distance| weight(distance as f64)).collect();
        // The sides together are a half too, so that a level stays what it is.
        let sum: f64 = taps.iter().sum::<f64>() * 4.0;
        Self { taps: taps.iter().map(|tap| (tap / sum) as f32).collect(), recent: vec![0.0; SIDE] }
    }

    /// Appends what `samples` become to `half`.
    pub fn samples(&mut self, samples: &[f32], half: &mut Vec<f32>) {
        self.recent.extend_from_slice(samples);
        let mut middle = SIDE;
        while middle + SIDE < self.recent.len() {
            let sides = self.taps.iter().enumerate().map(|(i, tap)| {
                let distance = 2 * i + 1;
                tap * (self.recent[middle - distance] + self.recent[middle + distance])
            });
            half.push(0.5 * self.recent[middle] + sides.sum::<f32>());
            middle += 2;
        }
        self.recent.drain(..middle - SIDE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_tones_pass_and_high_ones_do_not() {
        let level = |cycles_per_sample: f64| {
            let tone: Vec<f32> =
                (0..4000).map(|i| (2.0 * PI * cycles_per_sample * f64::from(i)).sin() as f32).collect();
            let mut half = Vec::new();
            let mut halving = Halving::new();
            tone.chunks(333).for_each(|block| halving.samples(block, &mut half));
            assert!(half.len().abs_diff(2000) < 16);
            half[100..].iter().fold(0.0f32, |a, b| a.max(b.abs()))
        };
        assert!((level(0.0503) - 1.0).abs() < 0.01, "{}", level(0.0503));
        assert!(level(0.4003) < 0.01, "{}", level(0.4003));
    }
}
