use mmm_base::Time;
use mmm_facts::MusicFacts;
use mmm_spec::Track;

/// How far `to` may be after the end of a file: people round.
pub(super) const ROUNDED: Time = Time::from_millis(50);
/// Shorter silence at the start of the music stays.
const PAUSE: Time = Time::from_millis(500);
/// The overlap where a track is cut off and no `crossfade` is set: enough to prevent a click.
pub(super) const SEAM: Time = Time::from_millis(20);

/// Returns the part of a track's file that plays: from `from`, or its first sound, to `to`, or its last sound.
pub(super) fn window(track: &Track, facts: &MusicFacts, is_first: bool) -> (Time, Time) {
    let (first, last) = facts.form.heard();
    let first = if is_first && first < PAUSE { Time::ZERO } else { first };
    let to = track.to.map_or(last, |to| to.min(facts.form.duration));
    let from = track.from.unwrap_or(if first < to { first } else { Time::ZERO });
    (from, to.max(from))
}

/// A stretch of a track as it is heard, with its crossfades.
#[derive(Clone, Copy)]
pub(super) struct Sound<'a> {
    pub facts: &'a MusicFacts,
    pub track: usize,
    pub start: Time,
    pub from: Time,
    pub length: Time,
}

impl Sound<'_> {
    pub fn end(&self) -> Time {
        self.start + self.length
    }
}
