/// Sample rate of the analyst's input, in Hz.
pub const RATE_HZ: u32 = 16_000;
