use super::mel::BANDS;

/// Groups of mel bands whose levels are followed.
const GROUPS: usize = 8;
/// Frames over which a level is averaged (70 ms, less than a syllable), so that the chance in a spectrum
/// of noise does not count.
const SMOOTH: usize = 7;

/// Level of each group in one frame, the mean of its log mel energies.
pub type SyllableLoudness = [f32; GROUPS];

/// The levels of the groups, from the log mel energies.
pub fn loudness(bands: &[f64; BANDS]) -> SyllableLoudness {
    const WIDTH: usize = BANDS / GROUPS;
    std::array::from_fn(|group| (bands[group * WIDTH..][..WIDTH].iter().sum::<f64>() / WIDTH as f64) as f32)
}

/// How much the level comes and goes: the second greatest of the groups' standard deviations over these
/// frames (1 is 4.3 dB).
///
/// By groups, because noise that covers half of the spectrum leaves the syllables in the other half; the
/// second, so that one group alone, a bass drum or a cymbal, does not make syllables.
pub fn depth(frames: &[SyllableLoudness]) -> f64 {
    let mut depths: [f64; GROUPS] = std::array::from_fn(|group| {
        let level =
            |frames: &[SyllableLoudness]| frames.iter().map(|frame| f64::from(frame[group])).sum::<f64>();
        deviation(&frames.windows(SMOOTH).map(|window| level(window) / SMOOTH as f64).collect::<Vec<_>>())
    });
    depths.sort_by(f64::total_cmp);
    depths[GROUPS - 2]
}

/// Standard deviation; 0 for no values.
pub fn deviation(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}
