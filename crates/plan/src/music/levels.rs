//! Gains that bring the sounds of a movie to one level before they are mixed.

use mmm_base::Time;
use mmm_facts::{ClipFacts, MusicFacts, Shot, SoundKind};

/// The level of music and voices before they are mixed, in hundredths of a LUFS. It is as low as dialogue in
/// films (Netflix asks for −27 LKFS), so that quiet voices reach it too. The loudness of the finished movie
/// is decided after the mix.
const COMMON: i32 = -2700;
/// How far other sounds of clips stay below voices, in hundredths of a decibel.
const BELOW_VOICES: i32 = 600;
/// The most that a voice is raised, in hundredths of a decibel; more would make the noise of its recording
/// audible.
const MOST_LIFT_OF_VOICE: i32 = 1200;
/// The most that other sound, which may be only noise, is raised, in hundredths of a decibel.
const MOST_LIFT: i32 = 600;

/// The relative gate of BS.1770, in hundredths of a decibel: blocks this much quieter than the mean of all
/// don't count.
const GATE: f64 = 1000.0;
/// The absolute gate, in hundredths of a LUFS: quieter blocks are silence.
const SILENCE: f64 = -7000.0;
/// Wind with less confidence than this is ignored.
const LEAST_WINDY: f64 = 0.5;

/// Returns the gain of a piece of music, in hundredths of a decibel.
pub(crate) fn of_music(facts: &MusicFacts) -> i32 {
    facts.form.loudness.map_or(0, |loudness| (COMMON - loudness).min(MOST_LIFT_OF_VOICE))
}

/// Returns the gain of the sound of a clip of which `shots` are shown, in hundredths of a decibel. It depends
/// on the voices in all of these shots, if there are any, so that it stays the same from shot to shot.
pub(crate) fn of_clip<'a>(facts: &ClipFacts, shots: impl Iterator<Item = &'a Shot>) -> i32 {
    let kept: Vec<&Shot> = shots.filter(|shot| shot.sound.is_kept).collect();
    let voices: Vec<(Time, Time)> = kept.iter().flat_map(|shot| shot.sound.voices.iter().copied()).collect();
    let parts: Vec<(Time, Time)> = kept.iter().filter_map(|shot| shot.source.part).collect();
    let gain = |stretches: &[_], level: i32, most: i32| Some((level - loudness(facts, stretches)?).min(most));
    gain(&voices, COMMON, MOST_LIFT_OF_VOICE)
        .or_else(|| gain(&parts, COMMON - BELOW_VOICES, MOST_LIFT))
        .unwrap_or(0)
}

/// Returns the integrated loudness (ITU-R BS.1770-4, blocks of 400 ms that do not overlap) of some stretches
/// of a clip's sound, in hundredths of a LUFS; `None` if nothing is heard in them.
fn loudness(facts: &ClipFacts, stretches: &[(Time, Time)]) -> Option<i32> {
    let step = ClipFacts::LEVEL_STEP;
    let is_in = |index: usize| {
        let start = step.scale(index as i64, 1);
        let shared = |&(from, to): &(Time, Time)| (to.min(start + step) - from.max(start)).max(Time::ZERO);
        // Half of the block, or half of a stretch that is shorter than a block.
        let least = |&(from, to): &(Time, Time)| step.min(to - from).scale(1, 2);
        stretches.iter().any(|stretch| shared(stretch) > Time::ZERO && shared(stretch) >= least(stretch))
    };
    let blocks = facts.sound.levels.iter().enumerate().filter(|(index, _)| is_in(*index));
    let heard: Vec<f64> =
        blocks.map(|(_, level)| f64::from(*level)).filter(|level| *level > SILENCE).collect();
    let gate = mean(&heard)? - GATE;
    let loud: Vec<f64> = heard.into_iter().filter(|level| *level >= gate).collect();
    Some(mean(&loud)?.round() as i32)
}

/// Returns the mean of levels by their energy; `None` if there are none.
fn mean(levels: &[f64]) -> Option<f64> {
    let energy: f64 = levels.iter().map(|level| 10f64.powf(level / 1000.0)).sum();
    (!levels.is_empty()).then(|| 1000.0 * (energy / levels.len() as f64).log10())
}

/// Whether wind blows on the microphone somewhere in a part of a clip.
pub(crate) fn is_windy(facts: &ClipFacts, (from, to): (Time, Time)) -> bool {
    facts.sound.sounds.iter().any(|stretch| {
        let sure = stretch.kind == SoundKind::Wind && stretch.confidence.get() >= LEAST_WINDY;
        sure && stretch.start < to && stretch.end > from
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;
    use mmm_facts::SoundStretch;
    use mmm_facts::sample::{clip, clip_facts};

    #[test]
    fn a_part_is_as_loud_as_what_is_heard_in_it() {
        let mut medium = clip("a.mp4", 0, Time::from_secs(4));
        let facts = clip_facts(&mut medium);
        // A voice from 1.2 to 2.4 s, with hiss around it and silence at both ends.
        facts.sound.levels = vec![-7000, -7000, -5000, -2600, -2000, -2300, -5000, -5000, -7000, -7000];
        let at = |from: i64, to: i64| (Time::from_millis(from), Time::from_millis(to));
        assert_eq!(loudness(facts, &[at(1200, 2400)]), Some(-2233));
        assert_eq!(loudness(facts, &[at(0, 4000)]), Some(-2233), "pauses do not count");
        assert_eq!(loudness(facts, &[at(1650, 1750)]), Some(-2000), "a short word");
        assert_eq!(loudness(facts, &[at(2400, 3200)]), Some(-5000));
        assert_eq!(loudness(facts, &[at(0, 800)]), None);
        assert_eq!(loudness(facts, &[at(1300, 1500), at(2050, 2400)]), Some(-2425));
        assert_eq!(loudness(facts, &[at(3900, 9000)]), None);
    }

    #[test]
    fn wind_counts_where_it_is_heard() {
        let mut medium = clip("a.mp4", 0, Time::from_secs(4));
        let facts = clip_facts(&mut medium);
        let (start, end) = (Time::from_secs(1), Time::from_secs(2));
        facts.sound.sounds =
            vec![SoundStretch { start, end, kind: SoundKind::Wind, confidence: Score::new(0.8) }];
        assert!(is_windy(facts, (Time::ZERO, Time::from_millis(1100))));
        assert!(!is_windy(facts, (end, Time::from_secs(4))));
    }
}
