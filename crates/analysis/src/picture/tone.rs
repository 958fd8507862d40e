use crate::RgbView;
use mmm_base::Score;

use super::Plane;

/// Luma up to `BLACK` is black; a pixel with a channel of at least [`WHITE`] is blown out (of 255).
const BLACK: usize = 6;
const WHITE: u8 = 250;
/// The value that Hasler and Süsstrunk call "extremely colourful".
const EXTREMELY_COLOURFUL: f64 = 109.0;

/// The distribution of luma in a picture.
#[derive(Clone, Copy, Debug)]
pub struct Tone {
    /// Mean luma, 0..=1.
    pub mean: f64,
    /// Luma below which 2, 50, 98 and 99.5 % of the pixels lie, 0..=1.
    pub low: f64,
    pub median: f64,
    pub high: f64,
    pub top: f64,
    /// Share of black and of blown-out pixels, 0..=1.
    pub black: f64,
    pub blown: f64,
}

impl Tone {
    /// Measures `view` and its luma.
    pub fn of(view: &RgbView, luma: &Plane) -> Self {
        let mut histogram = [0usize; 256];
        for value in luma.some_rows().flatten() {
            histogram[*value as usize] += 1;
        }
        let total = histogram.iter().sum::<usize>() as f64;
        let black: usize = histogram[..=BLACK].iter().sum();
        let is_white = |rgb: &&[u8; 3]| rgb[0].max(rgb[1]).max(rgb[2]) >= WHITE;
        let blown: usize = view.some_rows().map(|row| row.iter().filter(is_white).count()).sum();
        let weighted: f64 = histogram.iter().enumerate().map(|(luma, n)| luma as f64 * *n as f64).sum();
        Self {
            mean: weighted / total / 255.0,
            low: quantile(&histogram, 0.02),
            median: quantile(&histogram, 0.5),
            high: quantile(&histogram, 0.98),
            top: quantile(&histogram, 0.995),
            black: black as f64 / total,
            blown: blown as f64 / total,
        }
    }

    /// Returns 1 if the median is a middle grey, there are highlights, and little is clipped.
    pub fn exposure(&self) -> Score {
        let middle = 1.0 - rise(self.median, 0.72, 1.0) - rise(0.30 - self.median, 0.0, 0.36);
        let lights = rise(self.top, 0.2, 0.75);
        let shadows = 1.0 - rise(self.low, 0.35, 0.8);
        let kept = 1.0 - 0.8 * rise(self.blown, 0.2, 0.6) - 0.7 * rise(self.black, 0.25, 0.85);
        Score::new(middle.max(0.0) * lights * shadows * kept.max(0.0))
    }

    /// Returns the range between the darkest and the lightest 2 %.
    pub fn contrast(&self) -> Score {
        Score::new((self.high - self.low) / 0.9)
    }

    /// Too dark to show: hardly any highlights, or nearly all black.
    pub fn is_underexposed(&self) -> bool {
        self.top < 0.42 || (self.mean < 0.11 && self.high < 0.6) || self.black > 0.93
    }

    /// Blown out: much of it clipped with a bright median, or no shadows at all.
    pub fn is_overexposed(&self) -> bool {
        self.blown > 0.42 && self.median > 0.58 || self.low > 0.75
    }
}

/// Rises linearly from 0 at `from` to 1 at `to`.
pub fn rise(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

fn quantile(histogram: &[usize; 256], share: f64) -> f64 {
    let total: usize = histogram.iter().sum();
    let mut left = (total as f64 * share) as usize;
    for (luma, count) in histogram.iter().enumerate() {
        if *count > left {
            return luma as f64 / 255.0;
        }
        left -= count;
    }
    1.0
}

/// Returns the colourfulness of `view` by Hasler and Süsstrunk, "Measuring colourfulness in natural images",
/// 2003: σ of the opponent channels plus 0.3 times the length of their mean.
pub fn colourfulness(view: &RgbView) -> Score {
    let (mut n, mut sums, mut squares) = (0, [0i64; 2], [0i64; 2]);
    // Blocks are small enough for 32-bit sums, which vectorise well.
    for part in view.some_rows().flat_map(|row| row.chunks(4096)) {
        let (mut part_sums, mut part_squares) = ([0i32; 2], [0i32; 2]);
        for [r, g, b] in part.iter().map(|rgb| rgb.map(i32::from)) {
            // Twice the opponent colours, which are integers.
            let opponents = [2 * (r - g), r + g - 2 * b];
            for i in 0..2 {
                part_sums[i] += opponents[i];
                part_squares[i] += opponents[i] * opponents[i];
            }
        }
        for i in 0..2 {
            sums[i] += i64::from(part_sums[i]);
            squares[i] += i64::from(part_squares[i]);
        }
        n += part.len();
    }
    let n = n as f64;
    let means = sums.map(|sum| sum as f64 / 2.0 / n);
    let [yellow, blue] = squares.map(|square| square as f64 / 4.0 / n);
    let variance = yellow - means[0] * means[0] + blue - means[1] * means[1];
    let figure = variance.max(0.0).sqrt() + 0.3 * (means[0] * means[0] + means[1] * means[1]).sqrt();
    Score::new(figure / EXTREMELY_COLOURFUL)
}
