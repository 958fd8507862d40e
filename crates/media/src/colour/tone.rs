use super::transfer::{WHITE_NITS, nits_of_pq, pq_of_nits};

/// Maps light of up to `peak` nits to the range of the movie: the electrical-electrical transfer function of
/// ITU-R BT.2390, applied to the largest of the three components, so that hues are preserved.
///
/// Light below about half of white is unchanged. White of 203 nits maps to 90 % of the code values; brighter
/// light is rolled off above that.
pub struct ToneMap {
    peak: f64,
    /// White, as a fraction of the peak's code.
    white: f64,
    /// Light above this is rolled off; a fraction of the peak's code.
    knee: f64,
}

impl ToneMap {
    pub fn new(peak_nits: f64) -> Self {
        let peak = pq_of_nits(peak_nits);
        let white = (pq_of_nits(WHITE_NITS) / peak).min(1.0);
        Self { peak, white, knee: 1.5 * white - 0.5 }
    }

    /// Maps light in nits to light where 1 is the movie's white.
    pub fn mapped(&self, light: [f64; 3]) -> [f64; 3] {
        let most = light.into_iter().fold(0.0, f64::max);
        if most <= 0.0 {
            return light.map(|light| light / WHITE_NITS);
        }
        let code = (pq_of_nits(most) / self.peak).min(1.0);
        let gain = nits_of_pq(self.rolled_off(code) * self.peak) / most;
        light.map(|light| light * gain / WHITE_NITS)
    }

    /// Applies the Hermite spline of BT.2390, section 5.4.1.
    fn rolled_off(&self, code: f64) -> f64 {
        if code < self.knee || self.knee >= 1.0 {
            return code;
        }
        let t = (code - self.knee) / (1.0 - self.knee);
        let (square, cube) = (t * t, t * t * t);
        (2.0 * cube - 3.0 * square + 1.0) * self.knee
            + (cube - 2.0 * square + t) * (1.0 - self.knee)
            + (3.0 * square - 2.0 * cube) * self.white
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shadows_stay_and_lights_roll_off_up_to_white() {
        let map = ToneMap::new(1000.0);
        let grey = |nits: f64| map.mapped([nits; 3])[0];
        assert!((grey(50.0) - 50.0 / WHITE_NITS).abs() < 1e-9);
        assert!((grey(1000.0) - 1.0).abs() < 1e-6);
        assert!((grey(4000.0) - 1.0).abs() < 1e-6);
        let steps: Vec<f64> = (0..200).map(|n| grey(f64::from(n) * 5.0)).collect();
        assert!(steps.is_sorted());
        assert!((0.7..0.85).contains(&grey(WHITE_NITS)), "{}", grey(WHITE_NITS));
        // A colour keeps the ratios of its components.
        let [r, g, b] = map.mapped([800.0, 400.0, 200.0]);
        assert!((r / g - 2.0).abs() < 1e-9 && (g / b - 2.0).abs() < 1e-9);
    }
}
