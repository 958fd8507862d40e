use std::f64::consts::PI;

/// Taps on one side of the filter, for each sample that is left out of two.
const SIDE: usize = 16;
/// Kaiser's window: 80 dB beside the band.
const BETA: f64 = 8.0;
/// Sums that run side by side, so that the processor may do them at once.
const LANES: usize = 8;

/// Keeps one sample of `factor`, after a low-pass (windowed sinc) that leaves nothing above half the
/// new rate. Without delay: sample `n` that it gives stands where sample `factor` · `n` did.
pub struct Decimation {
    factor: usize,
    side: usize,
    /// From one end to the other, and zeros up to a whole number of lanes.
    taps: Vec<f32>,
    /// What the next sample that is given needs, from its first tap on.
    recent: Vec<f32>,
}

impl Decimation {
    /// Keeps one sample of `factor`; at least one of one.
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
        // A level stays what it is.
        let sum: f64 = taps.iter().sum();
        let mut taps: Vec<f32> = taps.iter().map(|tap| (tap / sum) as f32).collect();
        taps.resize(taps.len().next_multiple_of(LANES), 0.0);
        Self { factor, side, taps, recent: vec![0.0; side] }
    }

    /// Appends what `samples` become to `fewer`.
    pub fn samples(&mut self, samples: &[f32], fewer: &mut Vec<f32>) {
        self.recent.extend_from_slice(samples);
        let mut start = 0;
        while let Some(part) = self.recent.get(start..start + self.taps.len()) {
            fewer.push(dot(part, &self.taps));
            start += self.factor;
        }
        self.recent.drain(..start.min(self.recent.len()));
    }

    /// Appends what is left at the end: one sample for each `factor` that began.
    pub fn finish(mut self, fewer: &mut Vec<f32>) {
        // Nothing is cut off as long as there is room after the last sample for half of the taps.
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

/// The modified Bessel function of order 0, by its series.
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
