use super::pulse::{has_beats, is_down};
use super::window::{SEAM, Sound, window};
use mmm_base::Time;
use mmm_facts::MusicFacts;
use mmm_spec::Track;

/// How a loop begins again: on a bar if its bars are known, so that its beats go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Turn {
    /// Where in the file it begins again, and (`exit`) from where.
    entry: Time,
    exit: Time,
    /// How long the next round is heard before the turn, and (`tail`) the last one after it.
    lead: Time,
    tail: Time,
}

/// The shortest round of a loop.
const SHORTEST: Time = Time::from_millis(500);
/// How far a bar may be outside of the part that plays: beats are heard early or late.
const NEAR: Time = Time::from_millis(60);

impl Turn {
    /// Returns how the part of a track that plays repeats; `None` if it is too short.
    pub(super) fn of(track: &Track, facts: &MusicFacts) -> Option<Self> {
        let (from, to) = window(track, facts, false);
        let wanted = track.crossfade.unwrap_or(SEAM);
        let whole = to - from;
        if whole < SHORTEST {
            return None;
        }
        Self::on_bars(facts, (from, to), wanted, track.crossfade.is_some()).or_else(|| {
            // Without bars, the overlap is cut off the end.
            let overlap = wanted.min(whole.scale(1, 2));
            let turn = Self { entry: from, exit: to - overlap, lead: Time::ZERO, tail: overlap };
            (turn.exit - turn.entry >= SHORTEST).then_some(turn)
        })
    }

    /// Returns the turn from the last bar to the first that leave room for the overlap. If the spec doesn't
    /// set the overlap, less is enough: a loop that was cut on its bars has no room at its ends.
    fn on_bars(facts: &MusicFacts, (from, to): (Time, Time), wanted: Time, is_set: bool) -> Option<Self> {
        let bars = bars(facts);
        let entry = bars.iter().copied().find(|bar| *bar >= from - NEAR)?.max(from);
        let lead = (entry - from).min(wanted.scale(1, 2));
        let fits = |bar: &&Time| {
            let is_late = **bar - entry >= ((to - from).scale(1, 2)).max(SHORTEST).max(wanted);
            is_late && **bar <= to + NEAR && (!is_set || lead + (to - **bar) >= wanted)
        };
        let exit = (*bars.iter().rfind(fits)?).min(to);
        let tail = (wanted - lead).min(to - exit);
        let lead = (wanted - tail).min(entry - from);
        Some(Self { entry, exit, lead, tail })
    }

    /// Adds rounds of a track from `start` on until `end`, the first from `from` in the file.
    pub(super) fn fill<'a>(
        &self,
        (facts, track): (&'a MusicFacts, usize),
        mut start: Time,
        mut from: Time,
        end: Time,
        sounds: &mut Vec<Sound<'a>>,
    ) {
        if from + SHORTEST > self.exit {
            from = self.entry;
        }
        if start >= end {
            return;
        }
        let first = start;
        while start == first || start + self.lead + self.tail < end {
            let length = (self.exit + self.tail - from).min(end - start);
            sounds.push(Sound { facts, track, start, from, length });
            start += self.exit - from - self.lead;
            from = self.entry - self.lead;
        }
    }
}

/// Returns the times at which bars begin, and where the next bar would begin after the last.
fn bars(facts: &MusicFacts) -> Vec<Time> {
    if !has_beats(facts) {
        return Vec::new();
    }
    let beats = facts.beat.beats.iter().enumerate();
    let begins = |(index, beat): &(usize, &mmm_facts::Beat)| is_down(facts, *index, beat);
    let mut bars: Vec<Time> = beats.filter(begins).map(|(_, beat)| beat.time).collect();
    if let [.., before, last] = bars[..] {
        bars.push(last + (last - before));
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::MediaPath;
    use mmm_facts::sample::song;

    fn track(crossfade: Option<i64>) -> Track {
        let path = MediaPath::new("song.mp3").unwrap();
        Track { is_loop: true, crossfade: crossfade.map(Time::from_millis), ..Track::new(path) }
    }

    fn turn(facts: &MusicFacts, track: &Track) -> [f64; 4] {
        let turn = Turn::of(track, facts).unwrap();
        [turn.entry, turn.exit, turn.lead, turn.tail].map(Time::secs)
    }

    #[test]
    fn a_loop_turns_on_its_bars() {
        // Bars of two seconds from 0.3 s on, in a file of 15 s.
        let facts = song(Time::from_secs(15), 120_000, Time::from_millis(300));
        assert_eq!(turn(&facts, &track(None)), [0.3, 14.3, 0.01, 0.01]);
        assert_eq!(turn(&facts, &track(Some(1000))), [0.3, 14.3, 0.3, 0.7]);
        assert_eq!(turn(&facts, &track(Some(2000))), [0.3, 12.3, 0.3, 1.7]);
        let part = Track { from: Some(Time::from_secs(4)), to: Some(Time::from_secs(9)), ..track(None) };
        assert_eq!(turn(&facts, &part), [4.3, 8.3, 0.01, 0.01]);
    }

    #[test]
    fn a_loop_that_was_cut_on_its_bars_keeps_them_all() {
        let facts = song(Time::from_secs(16), 120_000, Time::ZERO);
        assert_eq!(turn(&facts, &track(None)), [0.0, 16.0, 0.0, 0.0]);
        assert_eq!(turn(&facts, &track(Some(2000))), [0.0, 14.0, 0.0, 2.0]);
    }

    #[test]
    fn music_without_bars_overlaps_at_its_ends() {
        let mut facts = song(Time::from_secs(10), 120_000, Time::ZERO);
        facts.beat.beats.clear();
        facts.form.heard = Some((Time::from_secs(1), Time::from_secs(9)));
        assert_eq!(turn(&facts, &track(None)), [1.0, 8.98, 0.0, 0.02]);
        assert_eq!(turn(&facts, &track(Some(3000))), [1.0, 6.0, 0.0, 3.0]);
        facts.form.heard = Some((Time::from_secs(1), Time::from_millis(1300)));
        assert_eq!(Turn::of(&track(None), &facts), None);
    }
}
