use std::f64::consts::PI;

/// Filter taps on one side, per unit of the decimation factor.
const SIDE: usize = 16;
/// Parameter of the Kaiser window: 80 dB stopband attenuation.
const BETA: f64 = 8.0;
/// Sums computed in parallel, so that the processor can vectorise them.
const LANES: usize = 8;

/// Keeps one of `factor` samples, after a low-pass filter (windowed sinc) that removes everything above half
/// the new rate. There is no delay: output sample `n` is at the position of input sample `factor` · `n`.
pub struct Decimation {
    factor: usize,
    side: usize,
    /// All taps, padded with zeros to a whole number of lanes.
    taps: Vec<f32>,
    /// The input of the next output sample, from its first tap on.
    recent: Vec<f32>,
}

impl Decimation {
    /// Returns a decimation that keeps one of `factor` samples (at least 1).
    pub fn new(factor: usize) -> Self {
        let factor = factor.max(1);
        let side = SIDE * factor - 1;
        let weight = |i: usize| {
            let distance = i as f64 - side as f64;
            let place = distance / side as f64;
            let window = bessel(BETA * (1.0 - place * place).max(0.0).sqrt()) / bessel(BETA);
            let angle = PI * distance / factor as f64;
            if distance == 0.0 { 1.0 } else { angle.sin() / angle * window }
        };
        let taps: Vec<f64> = (0..=2 * side).map(weight).collect();
        // Normalised, so that levels are preserved.
        let sum: f64 = taps.iter().sum();
        let mut taps: Vec<f32> = taps.iter().map(|tap| (tap / sum) as f32).collect();
        taps.resize(taps.len().next_multiple_of(LANES), 0.0);
        Self { factor, side, taps, recent: vec![0.0; side] }
    }

    /// Filters `samples` and appends the output to `fewer`.
    pub fn samples(&mut self, samples: &[f32], fewer: &mut Vec<f32>) {
        self.recent.extend_from_slice(samples);
        let mut start = 0;
        while let Some(part) = self.recent.get(start..start + self.taps.len()) {
            fewer.push(dot(part, &self.taps));
            start += self.factor;
        }
        self.recent.drain(..start.min(self.recent.len()));
    }

    /// Appends the remaining output: one sample for each `factor` samples that began.
    pub fn finish(mut self, fewer: &mut Vec<f32>) {
        // Only samples with room for half of the taps after them are output already; padding completes the
        // others.
        let left = (self.recent.len() - self.side.min(self.recent.len())).div_ceil(self.factor);
        let mut rest = Vec::new();
        self.samples(&vec![0.0; self.taps.len()], &mut rest);
        fewer.extend(rest.into_iter().take(left));
    }
}

fn dot(samples: &[f32], taps: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (samples, taps) in samples.chunks_exact(LANES).zip(taps.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] += samples[lane] * taps[lane];
        }
    }
    sums.iter().sum()
}

/// Returns the modified Bessel function of order 0, by its series.
fn bessel(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimated(factor: usize, samples: &[f32], block: usize) -> Vec<f32> {
        let mut fewer = Vec::new();
        let mut decimation = Decimation::new(factor);
        samples.chunks(block).for_each(|part| decimation.samples(part, &mut fewer));
        decimation.finish(&mut fewer);
        fewer
    }

    #[test]
    fn low_tones_pass_and_high_ones_do_not() {
        for factor in [2, 3] {
            let level = |cycles: f64| {
                let tone: Vec<f32> =
                    (0..6000).map(|i| (2.0 * PI * cycles * f64::from(i)).sin() as f32).collect();
                let fewer = decimated(factor, &tone, 333);
                assert_eq!(fewer.len(), 6000 / factor);
                fewer[100..1900].iter().fold(0.0f32, |a, b| a.max(b.abs()))
            };
            assert!((level(0.0503) - 1.0).abs() < 0.01, "{}", level(0.0503));
            assert!(level(0.4003) < 0.001, "{}", level(0.4003));
        }
    }

    #[test]
    fn nothing_is_late_and_blocks_do_not_matter() {
        let mut click = vec![0.0f32; 1501];
        click[600] = 1.0;
        for factor in [2, 3] {
            let fewer = decimated(factor, &click, 1501);
            let loudest = (0..fewer.len()).max_by(|a, b| fewer[*a].total_cmp(&fewer[*b])).unwrap();
            assert_eq!(loudest, 600 / factor);
            assert_eq!(fewer.len(), 1501usize.div_ceil(factor));
            assert_eq!(decimated(factor, &click, 7), fewer);
        }
    }
}
