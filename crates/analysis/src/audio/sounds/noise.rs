use super::moment::SoundMoment;
use super::region::{Region, Rule, regions};

/// Noise reaches this level, in dBFS: within 26 dB of full scale, nearly as loud as programme sound (EBU R
/// 128: −23 LUFS).
const LOUD_DB: f32 = -26.0;
/// Noise doesn't fall below this level in between, in dBFS.
const STILL_LOUD_DB: f32 = -32.0;
/// This far above the limit, noise is certain.
const CERTAIN_DB: f64 = 12.0;
/// The least logarithm of flatness of sound that is noise by itself.
const LEAST_FLATNESS: f32 = -1.0;
/// At least a second; a lull of half a second doesn't interrupt noise.
const RULE: Rule = Rule { open: LOUD_DB, close: STILL_LOUD_DB, gap: 5, least: 10 };
/// The least length in tenths of a second if music can't be detected: cymbals and distorted guitars are noisy
/// for a bar.
const LEAST_UNKNOWN: usize = 30;

/// Returns where it is loud, in moments; `mean` is a confidence, 0.5..=1.
///
/// `heard` means that voices and music are detected separately and will be excluded. Otherwise only sound
/// with a flat spectrum is noise, because loud speech and music have tones.
pub fn noises(moments: &[SoundMoment], heard: bool) -> Vec<Region> {
    let is_noise = |moment: &SoundMoment| heard || moment.flatness >= LEAST_FLATNESS;
    let level = |moment: &SoundMoment| if is_noise(moment) { moment.level_db } else { f32::NEG_INFINITY };
    let levels: Vec<f32> = moments.iter().map(level).collect();
    let sure = |region: Region| {
        let above = (region.mean - f64::from(LOUD_DB)) / CERTAIN_DB;
        Region { mean: (0.5 + 0.5 * above).clamp(0.5, 1.0), ..region }
    };
    let rule = if heard { RULE } else { Rule { least: LEAST_UNKNOWN, ..RULE } };
    regions(&levels, &rule).into_iter().map(sure).collect()
}
