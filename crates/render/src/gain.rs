//! Real-valued functions that shape the sound. They use the crate `libm`: the system's functions, which `std`
//! calls, round differently on processors with FMA.

/// Converts hundredths of a decibel to a factor on the level.
pub(super) fn factor(hundredths: f32) -> f32 {
    if hundredths == 0.0 { 1.0 } else { libm::powf(10.0, hundredths / 2000.0) }
}

/// Returns the sine of `part / whole` of a right angle.
pub(super) fn quarter(part: u64, whole: u64) -> f32 {
    libm::sinf(part as f32 / whole as f32 * std::f32::consts::FRAC_PI_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_decibels_are_ten_times_the_level() {
        assert_eq!([0.0, 2000.0, 4000.0].map(factor), [1.0, 10.0, 100.0]);
        assert!((factor(-602.06) - 0.5).abs() < 1e-6, "{}", factor(-602.06));
    }

    #[test]
    fn the_squares_of_a_fade_and_its_counterpart_add_up_to_one() {
        assert_eq!((quarter(0, 480), quarter(480, 480)), (0.0, 1.0));
        for part in 0..=480 {
            let power = quarter(part, 480).powi(2) + quarter(480 - part, 480).powi(2);
            assert!((power - 1.0).abs() < 1e-6, "{power} at {part}");
        }
    }
}
