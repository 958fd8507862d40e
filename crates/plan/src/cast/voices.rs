use mmm_base::{Score, Time};
use mmm_facts::{ClipFacts, SoundKind};

/// Voices with less confidence than this are ignored.
const LEAST_SURE: f64 = 0.6;
/// Voices with a shorter pause between them form one sentence.
const PAUSE: Time = Time::from_millis(350);
/// A cut this close to the start or end of a sentence does not count as inside it.
const NEAR: Time = Time::from_millis(120);
/// The sound of a clip is worth keeping under music if a voice lasts this long.
const WORTH_HEARING: Time = Time::from_millis(800);

/// Returns where someone speaks or sings in a clip, sentence by sentence, in order of time.
pub(crate) fn voices(facts: &ClipFacts) -> Vec<(Time, Time)> {
    let is_voice = |kind| matches!(kind, SoundKind::Speech | SoundKind::Singing);
    let sure = |confidence: Score| confidence.get() >= LEAST_SURE;
    let mut voices: Vec<(Time, Time)> = Vec::new();
    for stretch in
        facts.sound.sounds.iter().filter(|stretch| is_voice(stretch.kind) && sure(stretch.confidence))
    {
        match voices.last_mut() {
            Some((_, end)) if stretch.start - *end < PAUSE => *end = stretch.end.max(*end),
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

/// Returns how many ends of a part are inside a sentence.
pub(crate) fn cut_sentences(voices: &[(Time, Time)], (from, to): (Time, Time)) -> u32 {
    let inside = |at: Time| voices.iter().any(|(start, end)| *start + NEAR < at && at < *end - NEAR);
    u32::from(inside(from)) + u32::from(inside(to))
}

/// Whether the voices in a part are worth hearing under music.
pub(crate) fn worth_hearing(voices: &[(Time, Time)]) -> bool {
    voices.iter().any(|(start, end)| *end - *start >= WORTH_HEARING)
}
