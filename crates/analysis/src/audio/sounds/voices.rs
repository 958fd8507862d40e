use super::listener::Probabilities;
use super::region::{Region, Rule, regions};
use super::syllables::{SyllableLoudness, depth};
use mmm_facts::SoundKind;

/// The sounds that the model detects, in the order of its probabilities, with their criteria in frames of 10
/// ms.
const KINDS: [(SoundKind, Rule); 3] = [
    (SoundKind::Speech, Rule { open: 0.5, close: 0.25, gap: 21, least: 19 }),
    (SoundKind::Singing, Rule { open: 0.5, close: 0.3, gap: 51, least: 49 }),
    (SoundKind::Music, Rule { open: 0.5, close: 0.3, gap: 101, least: 99 }),
];
/// The index of music in `KINDS`.
const MUSIC: usize = 2;
/// The least modulation depth of speech, which has syllables: 2.5 to 3 in quiet, 0.8 under noise that is 5 dB
/// softer. Rain, which the model mistakes for speech, has 0.2.
const LEAST_DEPTH: f64 = 0.6;
/// The least mean probability of speech over music. In two hours of instrumental songs the model's false
/// detections have 0.36 to 0.77; speech 5 dB above the music has 0.78 and more.
const LEAST_OVER_MUSIC: f64 = 0.78;

/// Returns speech, singing and music, in frames; `mean` is the mean probability.
///
/// `loudness` has a value for each frame.
pub fn voices(answers: &[Probabilities], loudness: &[SyllableLoudness]) -> Vec<(SoundKind, Region)> {
    let found = KINDS.iter().enumerate().flat_map(|(i, (kind, rule))| {
        let curve: Vec<f32> = answers.iter().map(|answer| answer[i]).collect();
        regions(&curve, rule).into_iter().map(|region| (*kind, region))
    });
    let stands = |region: &Region| {
        let end = region.end.min(loudness.len());
        let heard = &loudness[region.first.min(end)..end];
        let sure = region.mean >= LEAST_OVER_MUSIC || !is_music(&answers[region.first..region.end]);
        sure && depth(heard) >= LEAST_DEPTH
    };
    found.filter(|(kind, region)| *kind != SoundKind::Speech || stands(region)).collect()
}

/// Whether more than half of the frames are music.
fn is_music(answers: &[Probabilities]) -> bool {
    let sum: f64 = answers.iter().map(|answer| f64::from(answer[MUSIC])).sum();
    sum > 0.5 * answers.len() as f64
}
