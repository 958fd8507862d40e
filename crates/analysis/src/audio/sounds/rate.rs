/// Samples per second that the analyst takes.
pub const RATE_HZ: u32 = 16_000;
