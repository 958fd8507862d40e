use super::soundtrack::period;
use mmm_base::{Score, Time};
use mmm_facts::{Beat, MusicFacts};
use mmm_spec::{BeatsByHand, Factor, ListedBeat};

/// Returns `facts` with the user's corrections of the beats, in this order: `list` replaces the detected
/// beats, which are then multiplied and moved, and bars are counted from the downbeat that the user gives.
/// Listed beats are certain.
pub fn by_hand(facts: &MusicFacts, hand: &BeatsByHand, list: Option<&[ListedBeat]>) -> MusicFacts {
    let mut facts = facts.clone();
    if hand.says_nothing() {
        return facts;
    }
    if let Some(list) = list {
        facts.beat.beats = list.iter().map(listed).collect();
        facts.beat.meter = list.iter().filter_map(|beat| beat.place).max().unwrap_or(facts.beat.meter);
        facts.beat.confidence = if list.is_empty() { Score::ZERO } else { Score::ONE };
    }
    let bar = match (facts.beat.bar(), hand.multiply) {
        // Three beats for each beat of three eighths are the eighths.
        ((2, 3), Factor(3, 1)) => (6, 1),
        (bar, _) => bar,
    };
    facts.beat.beats = multiplied(&facts.beat.beats, hand.multiply, bar);
    for beat in &mut facts.beat.beats {
        beat.time += hand.offset;
    }
    facts.beat.beats.retain(|beat| beat.time >= Time::ZERO && beat.time < facts.form.duration);
    if let Some(time) = hand.first_downbeat {
        count_bars_from(time, bar, &mut facts.beat.beats);
    }
    let period = period(&facts.beat.beats).map_or(0.0, Time::secs);
    facts.beat.tempo_milli_bpm = if period > 0.0 { (60_000.0 / period).round() as u32 } else { 0 };
    facts
}

fn listed(beat: &ListedBeat) -> Beat {
    Beat { time: beat.time, position: beat.place, confidence: Score::ONE }
}

/// Adds beats between others, or keeps only some, and counts the bars again.
fn multiplied(beats: &[Beat], factor: Factor, bar: (u8, u8)) -> Vec<Beat> {
    let Factor(more, fewer) = factor;
    if more > 1 {
        return with_beats_between(beats, i64::from(more), bar);
    }
    let fewer = usize::from(fewer.max(1));
    if fewer == 1 {
        return beats.to_vec();
    }
    // Keep the beats on which most of the bars begin.
    let downs =
        |phase: usize| beats.iter().skip(phase).step_by(fewer).filter(|b| b.position == Some(1)).count();
    let phase = (0..fewer).rev().max_by_key(|phase| downs(*phase)).unwrap_or(0);
    let kept: Vec<Beat> = beats.iter().skip(phase).step_by(fewer).copied().collect();
    counted(kept, bar)
}

fn with_beats_between(beats: &[Beat], more: i64, bar: (u8, u8)) -> Vec<Beat> {
    let mut all = Vec::with_capacity(beats.len() * more as usize);
    for pair in beats.windows(2) {
        let step = pair[1].time - pair[0].time;
        let between =
            (1..more).map(|n| Beat { time: pair[0].time + step.scale(n, more), position: None, ..pair[0] });
        all.push(pair[0]);
        all.extend(between);
    }
    all.extend(beats.last());
    counted(all, bar)
}

/// Numbers the beats in their bars, counting from the first that begins a bar, and from each later one that
/// begins a bar at least a whole bar after the last.
fn counted(mut beats: Vec<Beat>, bar: (u8, u8)) -> Vec<Beat> {
    let Some(mut down) = beats.iter().position(|beat| beat.position == Some(1)) else { return beats };
    for (n, beat) in beats.iter_mut().enumerate() {
        if beat.position == Some(1) && n >= down + usize::from(bar.0) {
            down = n;
        }
        beat.position = Some(place(n, down, bar));
    }
    beats
}

fn count_bars_from(time: Time, bar: (u8, u8), beats: &mut [Beat]) {
    let away = |n: &usize| (beats[*n].time - time).micros().abs();
    let Some(down) = (0..beats.len()).min_by_key(away) else { return };
    for (n, beat) in beats.iter_mut().enumerate() {
        beat.position = Some(place(n, down, bar));
    }
}

/// Returns the number of beat `n` in its bar if beat `down` begins a bar.
fn place(n: usize, down: usize, (beats, step): (u8, u8)) -> u8 {
    let beats = usize::from(beats);
    ((n + beats * (down / beats + 1) - down) % beats) as u8 * step + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::sample::song;

    /// Beats every half second from 0 on, in bars of four.
    fn heard() -> MusicFacts {
        song(Time::from_secs(20), 120_000, Time::ZERO)
    }

    fn seconds(facts: &MusicFacts, count: usize) -> Vec<f64> {
        facts.beat.beats.iter().take(count).map(|beat| beat.time.secs()).collect()
    }

    fn places(facts: &MusicFacts, count: usize) -> Vec<u8> {
        facts.beat.beats.iter().take(count).filter_map(|beat| beat.position).collect()
    }

    #[test]
    fn beats_are_multiplied_and_moved() {
        let hand =
            BeatsByHand { multiply: Factor(2, 1), offset: Time::from_millis(-20), ..BeatsByHand::default() };
        let twice = by_hand(&heard(), &hand, None);
        assert_eq!(seconds(&twice, 3), [0.23, 0.48, 0.73]);
        assert_eq!(twice.beat.tempo_milli_bpm, 240_000);
        let hand = BeatsByHand { multiply: Factor(1, 2), ..BeatsByHand::default() };
        let half = by_hand(&heard(), &hand, None);
        assert_eq!(seconds(&half, 3), [0.0, 1.0, 2.0]);
        assert_eq!(places(&half, 5), [1, 2, 3, 4, 1]);
        assert_eq!(half.beat.tempo_milli_bpm, 60_000);
    }

    #[test]
    fn bars_are_counted_from_a_time() {
        let hand = BeatsByHand { first_downbeat: Some(Time::from_millis(960)), ..BeatsByHand::default() };
        assert_eq!(places(&by_hand(&heard(), &hand, None), 6), [3, 4, 1, 2, 3, 4]);
    }

    #[test]
    fn a_list_takes_the_place_of_what_was_heard() {
        let beat = |millis: i64, place| ListedBeat { time: Time::from_millis(millis), place };
        let list = [beat(700, Some(1)), beat(1100, Some(2)), beat(1500, Some(3)), beat(1900, Some(1))];
        let hand = BeatsByHand::default();
        assert_eq!(by_hand(&heard(), &hand, Some(&list)), heard());
        let hand = BeatsByHand { file: mmm_base::MediaPath::new("song.beats").ok(), ..hand };
        let found = by_hand(&heard(), &hand, Some(&list));
        assert_eq!((found.beat.beats.len(), found.beat.meter, found.beat.tempo_milli_bpm), (4, 3, 150_000));
        assert_eq!((places(&found, 4), found.beat.confidence), (vec![1, 2, 3, 1], Score::ONE));
        assert!(by_hand(&heard(), &hand, Some(&[])).beat.beats.is_empty());
    }
}
