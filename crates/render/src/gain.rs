//! Functions of real numbers that shape the sound. They are those of the crate `libm`: the system's own round
//! otherwise where the processor has FMA, and `std` calls the system's.

/// The factor on a level, of hundredths of a decibel.
pub(super) fn factor(hundredths: f32) -> f32 {
    if hundredths == 0.0 { 1.0 } else { libm::powf(10.0, hundredths / 2000.0) }
}

/// The sine of a part of a right angle.
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
