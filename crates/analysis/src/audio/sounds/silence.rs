use super::level::NOTHING_DB;
use super::region::{Region, Rule, regions};

/// A level below this is silence: the noise of a good recorder in a quiet room.
const SILENT_DB: f32 = -60.0;
/// A level below this may be silence, if the clip has loud parts.
const SOFT_DB: f32 = -50.0;
/// Silence is at least this far below the loud parts of the clip, unless it is below `SILENT_DB`.
const BELOW_LOUD_DB: f32 = 45.0;
/// The percentile of the levels that represents the loud parts.
const LOUD: f64 = 0.95;
/// At least half a second, not interrupted by a click of 30 ms.
const RULE: Rule = Rule { open: 0.0, close: 0.0, gap: 3, least: 50 };
/// This far below the limit, silence is certain.
const CERTAIN_DB: f64 = 12.0;

/// Returns the silent regions, from levels in dBFS; `mean` is a confidence, 0.5..=1.
pub fn silences(levels: &[f32]) -> Vec<Region> {
    let limit = limit(levels);
    let depths: Vec<f32> = levels.iter().map(|level| limit - level).collect();
    let sure = |region: Region| Region { mean: (0.5 + 0.5 * region.mean / CERTAIN_DB).min(1.0), ..region };
    regions(&depths, &RULE).into_iter().map(sure).collect()
}

/// Returns the level below which a clip with these levels is silent.
fn limit(levels: &[f32]) -> f32 {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let loud = sorted.get((sorted.len() as f64 * LOUD) as usize).copied().unwrap_or(NOTHING_DB);
    (loud - BELOW_LOUD_DB).clamp(SILENT_DB, SOFT_DB)
}
