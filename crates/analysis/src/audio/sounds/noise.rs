use super::moment::SoundMoment;
use super::region::{Region, Rule, regions};

/// As loud as programme sound is meant to be (EBU R 128: −23 LUFS) or nearly, in dBFS: within 26 dB of
/// full scale …
const LOUD_DB: f32 = -26.0;
/// … and not much softer in between.
const STILL_LOUD_DB: f32 = -32.0;
/// This much above the limit it is certain.
const CERTAIN_DB: f64 = 12.0;
/// Least logarithm of the flatness of what is noise in itself, whatever else is known.
const LEAST_FLATNESS: f32 = -1.0;
/// At least a second; a lull of half a second does not break it.
const RULE: Rule = Rule { open: LOUD_DB, close: STILL_LOUD_DB, gap: 5, least: 10 };
/// At least this long in tenths of a second where music is not known: cymbals and distorted guitars are
/// noise for a bar.
const LEAST_UNKNOWN: usize = 30;

/// Where it is loud, in moments; the mean is a confidence, 0.5..=1.
///
/// `heard` says that voices and music are known from elsewhere and will be taken out. Where they are not,
/// only what has a flat spectrum is noise: loud speech and music have tones.
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
