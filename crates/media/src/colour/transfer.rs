/// Luminance of diffuse white in nits when SDR pictures are mixed with HDR ones (ITU-R BT.2408).
pub const WHITE_NITS: f64 = 203.0;
/// Luminance in nits at which the nominal peak of HLG is shown (ITU-R BT.2100).
pub const HLG_PEAK_NITS: f64 = 1000.0;
/// The exponent of a BT.1886 display.
pub const DISPLAY_GAMMA: f64 = 2.4;

/// The function from code values (0..=1) to light.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Transfer {
    /// A BT.1886 display: for BT.709, BT.601, BT.2020 and untagged sources.
    Display,
    /// Hybrid log-gamma (ARIB STD-B67, ITU-R BT.2100).
    Hlg,
    /// Perceptual quantiser (SMPTE ST 2084, ITU-R BT.2100).
    Pq,
}

impl Transfer {
    /// Returns the light in nits that a display shows for `code`. `weights` are the luminance weights of the
    /// primaries.
    pub fn light(self, code: [f64; 3], weights: [f64; 3]) -> [f64; 3] {
        match self {
            Self::Display => code.map(|code| WHITE_NITS * code.max(0.0).powf(DISPLAY_GAMMA)),
            Self::Pq => code.map(nits_of_pq),
            Self::Hlg => {
                let scene = code.map(scene_of_hlg);
                let luminance: f64 = scene.iter().zip(weights).map(|(light, weight)| light * weight).sum();
                // The system gamma of HLG at 1,000 nits is 1.2.
                let gain = HLG_PEAK_NITS * luminance.max(1e-9).powf(0.2);
                scene.map(|light| gain * light)
            }
        }
    }
}

/// Returns the code value of light (1 is white) for a BT.1886 display.
pub fn display_code(light: f64) -> f64 {
    light.clamp(0.0, 1.0).powf(1.0 / DISPLAY_GAMMA)
}

const M1: f64 = 2610.0 / 16384.0;
const M2: f64 = 2523.0 / 4096.0 * 128.0;
const C1: f64 = 3424.0 / 4096.0;
const C2: f64 = 2413.0 / 4096.0 * 32.0;
const C3: f64 = 2392.0 / 4096.0 * 32.0;

/// The inverse of [`pq_of_nits`].
pub fn nits_of_pq(code: f64) -> f64 {
    let root = code.clamp(0.0, 1.0).powf(1.0 / M2);
    10_000.0 * ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1)
}

/// Returns the PQ code value (0..=1) of up to 10,000 nits.
pub fn pq_of_nits(nits: f64) -> f64 {
    let power = (nits / 10_000.0).clamp(0.0, 1.0).powf(M1);
    ((C1 + C2 * power) / (1.0 + C3 * power)).powf(M2)
}

/// Returns scene light (0..=1): the inverse of HLG's OETF.
fn scene_of_hlg(code: f64) -> f64 {
    const A: f64 = 0.178_832_77;
    const B: f64 = 1.0 - 4.0 * A;
    const C: f64 = 0.559_910_73;
    let code = code.clamp(0.0, 1.0);
    if code <= 0.5 { code * code / 3.0 } else { (((code - C) / A).exp() + B) / 12.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_go_through_the_points_of_the_standards() {
        // ITU-R BT.2408: diffuse white is 58 % in PQ and 75 % in HLG.
        assert!((pq_of_nits(WHITE_NITS) - 0.58).abs() < 0.002);
        let white = Transfer::Hlg.light([0.75; 3], [0.2627, 0.678, 0.0593]);
        assert!((white[0] - WHITE_NITS).abs() < 1.0, "{white:?}");
        assert!((Transfer::Hlg.light([1.0; 3], [0.2627, 0.678, 0.0593])[1] - 1000.0).abs() < 0.1);
        for nits in [0.0, 0.1, 5.0, 100.0, 1000.0, 10_000.0] {
            assert!((nits_of_pq(pq_of_nits(nits)) - nits).abs() < 1e-6 * nits + 1e-6);
        }
        assert!((display_code(0.5f64.powf(2.4)) - 0.5).abs() < 1e-12);
    }
}
