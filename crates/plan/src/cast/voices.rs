use mmm_base::{Score, Time};
use mmm_facts::{ClipFacts, SoundKind};

/// Voices with less confidence than this are ignored.
const LEAST_SURE: f64 = 0.6;
/// Voices with a shorter pause between them form one sentence.
const PAUSE: Time = Time::from_millis(350);
/// A cut this close to the start or end of a sentence does not count as inside it.
const NEAR: Time = Time::from_millis(120);
/// A sentence that is more than so many times as long as a part is far longer.
const FAR_LONGER: i64 = 3;
/// The sound of a clip is worth keeping under music if a voice lasts this long.
const WORTH_HEARING: Time = Time::from_millis(800);

/// Returns where someone speaks or sings in a clip, sentence by sentence, in order of time.
pub(crate) fn voices(facts: &ClipFacts) -> Vec<(Time, Time)> {
    joined(facts, PAUSE)
}

/// Returns the parts of the sentences between any two pauses that are heard.
pub(super) fn phrases(facts: &ClipFacts) -> Vec<(Time, Time)> {
    joined(facts, Time::ZERO)
}

/// Returns where someone speaks or sings; joins what has a shorter pause between.
fn joined(facts: &ClipFacts, pause: Time) -> Vec<(Time, Time)> {
    let is_voice = |kind| matches!(kind, SoundKind::Speech | SoundKind::Singing);
    let sure = |confidence: Score| confidence.get() >= LEAST_SURE;
    let mut voices: Vec<(Time, Time)> = Vec::new();
    for stretch in
        facts.sound.sounds.iter().filter(|stretch| is_voice(stretch.kind) && sure(stretch.confidence))
    {
        match voices.last_mut() {
            // Stretches that touch have no pause between them.
            Some((_, end)) if stretch.start <= *end || stretch.start - *end < pause => {
                *end = stretch.end.max(*end)
            }
            _ => voices.push((stretch.start, stretch.end)),
        }
    }
    voices
}

/// Returns the voices in a part of a clip, cut off at its ends.
pub(crate) fn voices_in(facts: &ClipFacts, (from, to): (Time, Time)) -> Vec<(Time, Time)> {
    let inside = |(start, end): (Time, Time)| (start.max(from), end.min(to));
    voices(facts).into_iter().map(inside).filter(|(start, end)| start < end).collect()
}

/// Returns how many ends of a part are inside a sentence. A sentence that is far longer than the part doesn't
/// count, because no part of that length could show it.
pub(super) fn cut_sentences(voices: &[(Time, Time)], (from, to): (Time, Time)) -> u32 {
    let longest = (to - from).scale(FAR_LONGER, 1);
    let inside = |at: Time| {
        let cuts = |(start, end): &(Time, Time)| *start + NEAR < at && at < *end - NEAR;
        voices.iter().any(|voice| cuts(voice) && voice.1 - voice.0 <= longest)
    };
    u32::from(inside(from)) + u32::from(inside(to))
}

/// Whether the voices in a part are worth hearing under music.
pub(crate) fn worth_hearing(voices: &[(Time, Time)]) -> bool {
    voices.iter().any(|(start, end)| *end - *start >= WORTH_HEARING)
}
