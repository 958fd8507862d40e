//! Converts times and frames to samples.

use mmm_base::{Rate, Time};
use mmm_facts::SAMPLE_RATE;

/// Returns the first sample at or after `time`; zero before the start.
pub(super) fn sample(time: Time) -> u64 {
    (time.micros().max(0) as u128 * u128::from(SAMPLE_RATE)).div_ceil(1_000_000) as u64
}

/// Returns the sample at which a frame starts.
pub(super) fn sample_of(frame: u32, rate: Rate) -> u64 {
    rate.sample_of(i64::from(frame), SAMPLE_RATE) as u64
}
