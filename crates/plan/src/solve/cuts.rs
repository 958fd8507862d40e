use crate::music::Grid;
use mmm_base::Time;

/// Chooses the cuts of the movie without regard to its media. The cuts are nodes of the grid, from the first
/// to the last. Every shot lasts `min` to `max` and follows the pace, `slower` times as long as the pace
/// prefers. Returns `None` if there are no such cuts.
pub(super) fn partition(grid: &Grid, min: Time, max: Time, slower: f64) -> Option<Vec<usize>> {
    let last = grid.last();
    let mut best: Vec<Option<(f64, usize)>> = vec![None; last + 1];
    best[0] = Some((0.0, 0));
    let mut first = 0;
    for to in 1..=last {
        while grid.span(first, to) > max {
            first += 1;
        }
        for from in first..to {
            if grid.span(from, to) < min {
                break;
            }
            let Some((before, _)) = best[from] else { continue };
            let cost = before + cost(grid.shots(from, to) / slower) + grid.flaw(from, to);
            if best[to].is_none_or(|(known, _)| cost < known) {
                best[to] = Some((cost, from));
            }
        }
    }
    let mut cuts = vec![last];
    let mut at = last;
    while at > 0 {
        at = best[at]?.1;
        cuts.push(at);
    }
    cuts.reverse();
    Some(cuts)
}

/// Returns the penalty for one shot where the pace prefers `shots`: zero at 1, and equal at a half and at 2.
pub(super) fn cost(shots: f64) -> f64 {
    let shots = shots.max(1e-3);
    shots + 1.0 / shots - 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Cue;
    use crate::music::Pace;
    use crate::music::Step;
    use mmm_base::Score;
    use mmm_facts::sample::song;
    use mmm_spec::{self, CutOn};

    fn grid(pace: mmm_spec::Pace, ramp: bool) -> Grid {
        let length = Time::from_secs(64);
        let mut facts = song(Time::from_secs(100), 120_000, Time::ZERO);
        let count = facts.form.energy.values.len() as f64;
        for (index, value) in facts.form.energy.values.iter_mut().enumerate() {
            *value = if ramp { Score::new(index as f64 / count) } else { Score::new(0.5) };
        }
        let cue = Cue::whole(&facts, length);
        Grid::of(&[cue], length, CutOn::Beat, &Pace::new(pace, [1.0; 3]), Time::from_secs(8))
    }

    fn lengths(grid: &Grid, slower: f64) -> Vec<f64> {
        let cuts = partition(grid, Time::from_millis(500), Time::from_secs(8), slower).unwrap();
        cuts.windows(2).map(|pair| grid.span(pair[0], pair[1]).secs()).collect()
    }

    #[test]
    fn an_even_song_is_cut_every_bar() {
        let lengths = lengths(&grid(mmm_spec::Pace::Auto, false), 1.0);
        let bars = lengths.iter().filter(|&&length| length == 2.0).count();
        assert!(bars * 10 >= lengths.len() * 9, "{lengths:?}");
    }

    #[test]
    fn shots_shorten_as_the_energy_rises() {
        let lengths = lengths(&grid(mmm_spec::Pace::Auto, true), 1.0);
        let (first, last) = (lengths[0], lengths[lengths.len() - 1]);
        assert!(first >= 3.0 && last <= 1.5, "{lengths:?}");
        assert!(lengths.iter().all(|length| *length >= 0.5));
    }

    #[test]
    fn a_slower_pace_has_fewer_shots() {
        let count = |pace, slower| lengths(&grid(pace, true), slower).len();
        let auto = count(mmm_spec::Pace::Auto, 1.0);
        assert!(count(mmm_spec::Pace::Calm, 1.0) < auto && auto < count(mmm_spec::Pace::Lively, 1.0));
        assert!(count(mmm_spec::Pace::Auto, 1.5) < auto);
    }

    #[test]
    fn a_section_starts_with_a_cut() {
        let mut facts = song(Time::from_secs(60), 120_000, Time::ZERO);
        facts.form.sections = vec![mmm_facts::Section {
            start: Time::from_millis(17_480),
            end: Time::from_secs(60),
            label: "B".to_owned(),
            kind: mmm_facts::SectionKind::Body,
            energy: Score::HALF,
            course: mmm_facts::Course::Steady,
        }];
        let length = Time::from_secs(60);
        let cue = Cue::whole(&facts, length);
        let pace = Pace::new(mmm_spec::Pace::Auto, [1.0; 3]);
        let grid = Grid::of(&[cue], length, CutOn::Beat, &pace, Time::from_secs(8));
        let cuts = partition(&grid, Time::from_millis(500), Time::from_secs(8), 1.0).unwrap();
        let at = cuts.iter().find(|&&cut| grid.nodes[cut].time == Time::from_millis(17_500));
        assert_eq!(at.map(|&at| grid.nodes[at].step), Some(Step::Section));
    }

    #[test]
    fn bounds_that_no_beats_meet_have_no_cuts() {
        let grid = grid(mmm_spec::Pace::Auto, false);
        assert_eq!(partition(&grid, Time::from_millis(600), Time::from_millis(900), 1.0), None);
    }
}
