use super::mel::BANDS;

/// Groups of mel bands whose levels are tracked.
const GROUPS: usize = 8;
/// Frames over which a level is averaged (70 ms, less than a syllable), so that random variation of noise
/// spectra doesn't count.
const SMOOTH: usize = 7;

/// The level of each group in one frame: the mean of its log mel energies.
pub type SyllableLoudness = [f32; GROUPS];

/// Returns the levels of the groups, from the log mel energies.
pub fn loudness(bands: &[f64; BANDS]) -> SyllableLoudness {
    const WIDTH: usize = BANDS / GROUPS;
    std::array::from_fn(|group| (bands[group * WIDTH..][..WIDTH].iter().sum::<f64>() / WIDTH as f64) as f32)
}

/// Returns the modulation depth of the level: the second largest of the groups' standard deviations over
/// these frames (1 is 4.3 dB).
///
/// It is measured per group, because noise that covers half of the spectrum leaves the syllables in the other
/// half. The second largest counts, so that a single group, such as a bass drum or a cymbal, doesn't look
/// like syllables.
pub fn depth(frames: &[SyllableLoudness]) -> f64 {
    let mut depths: [f64; GROUPS] = std::array::from_fn(|group| {
        let level =
            |frames: &[SyllableLoudness]| frames.iter().map(|frame| f64::from(frame[group])).sum::<f64>();
        deviation(&frames.windows(SMOOTH).map(|window| level(window) / SMOOTH as f64).collect::<Vec<_>>())
    });
    depths.sort_by(f64::total_cmp);
    depths[GROUPS - 2]
}

/// Returns the standard deviation; 0 if there are no values.
pub fn deviation(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}
