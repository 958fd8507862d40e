use mmm_base::Time;
use mmm_facts::{Beat, MusicFacts};

/// Music whose beats have less confidence than this is not cut on its beats.
const UNSURE: f64 = 0.15;

/// Whether cuts may follow the beats of `facts`.
pub(crate) fn has_beats(facts: &MusicFacts) -> bool {
    facts.beat.beats.len() >= 4 && facts.beat.confidence.get() >= UNSURE
}

/// Whether the beat at `index` starts a bar; if the bars are unknown, beats are counted from the first.
pub(crate) fn is_down(facts: &MusicFacts, index: usize, beat: &Beat) -> bool {
    if bars_are_known(facts) {
        beat.position == Some(1)
    } else {
        index.is_multiple_of(usize::from(facts.beat.bar().0))
    }
}

/// Whether any beat is known to start a bar.
pub(crate) fn bars_are_known(facts: &MusicFacts) -> bool {
    facts.beat.beats.iter().any(|beat| beat.position == Some(1))
}

/// Returns the median distance between beats; `None` if there are too few.
pub(crate) fn period(beats: &[Beat]) -> Option<Time> {
    let mut gaps: Vec<i64> = beats.windows(2).map(|pair| (pair[1].time - pair[0].time).micros()).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().filter(|&gap| gap > 0).map(Time::from_micros)
}
