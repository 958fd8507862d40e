use mmm_facts::PictureFeatures;

/// The number of features that EfficientNet-Lite0 gives.
pub(super) const RAW: usize = 1280;

/// Reduces a model's features to fewer, which keep the angles between pictures: a projection on fixed random
/// signs (Achlioptas, "Database-friendly random projections", 2003).
pub(super) fn reduced(raw: &[f32]) -> PictureFeatures {
    let mean = raw.iter().sum::<f32>() / raw.len().max(1) as f32;
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let project = |_| {
        let mut sum = 0.0;
        for chunk in raw.chunks(64) {
            let signs = next(&mut state);
            for (bit, value) in chunk.iter().enumerate() {
                sum += if signs >> bit & 1 == 1 { value - mean } else { mean - value };
            }
        }
        sum
    };
    PictureFeatures::of(&std::array::from_fn(project))
}

/// Returns the next value of SplitMix64 (Steele and others, 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_stay_about_the_same() {
        let noise = |seed: u64| -> Vec<f32> {
            let mut state = seed;
            (0..RAW).map(|_| (next(&mut state) >> 40) as f32 / (1u64 << 24) as f32 - 0.5).collect()
        };
        let (one, other) = (noise(1), noise(2));
        let mixed = |part: f32| -> Vec<f32> {
            one.iter().zip(&other).map(|(a, b)| a * (1.0 - part) + b * part).collect()
        };
        let likeness = |part| reduced(&one).likeness(&reduced(&mixed(part)));
        assert!(likeness(0.0) > 0.999);
        for part in [0.2f64, 0.5, 0.7, 1.0] {
            let angle = (1.0 - part) / ((1.0 - part).powi(2) + part * part).sqrt();
            let found = likeness(part as f32);
            assert!((found - angle).abs() < 0.15, "{part}: {found} for {angle}");
        }
    }
}
