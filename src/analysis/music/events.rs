use crate::analysis::{EnergyCurve, Event, EventKind};
use crate::base::Time;

use super::curves::mean;

/// A drop: the two seconds after have this much more energy than the two before, …
const DROP_RISE: f64 = 0.35;
/// … and the music is then at least this loud.
const DROP_LEVEL: f64 = 0.7;
/// A stop: from at least this energy …
const STOP_FROM: f64 = 0.4;
/// … to at most this, for at least [`STOP_TENTHS`].
const STOP_TO: f64 = 0.05;
const STOP_TENTHS: usize = 4;
/// Tenths of a second that are compared on either side of a drop.
const SIDE: usize = 20;
/// An event lies on a beat that is this near, in microseconds.
const NEAR_US: i64 = 350_000;

/// Drops and stops, in order of time. A drop is moved to the nearest of `beats`; the end of the
/// music is no stop.
pub fn events(energy: &EnergyCurve, beats: &[Time]) -> Vec<Event> {
    let levels: Vec<f64> = energy.values.iter().map(|value| value.get()).collect();
    let mut events: Vec<Event> = drops(&levels)
        .map(|tenth| Event { time: nearest(tenth_time(tenth), beats), kind: EventKind::Drop })
        .chain(stops(&levels).map(|tenth| Event { time: tenth_time(tenth), kind: EventKind::Stop }))
        .collect();
    events.sort_by_key(|event| (event.time, event.kind));
    events
}

fn drops(levels: &[f64]) -> impl Iterator<Item = usize> {
    let rise_at = |i: usize| {
        let (before, after) = (mean(&levels[i - SIDE..i]), mean(&levels[i..i + SIDE]));
        if after >= DROP_LEVEL { after - before } else { 0.0 }
    };
    let rises: Vec<f64> = (0..levels.len())
        .map(|i| if i >= SIDE && i + SIDE <= levels.len() { rise_at(i) } else { 0.0 })
        .collect();
    (0..rises.len()).filter(move |i| {
        let near = &rises[i.saturating_sub(SIDE)..(i + SIDE).min(rises.len())];
        rises[*i] >= DROP_RISE
            && near.iter().all(|rise| *rise <= rises[*i])
            && rises[i.saturating_sub(SIDE)..*i].iter().all(|rise| *rise < rises[*i])
    })
}

fn stops(levels: &[f64]) -> impl Iterator<Item = usize> {
    let last_sound = levels.iter().rposition(|level| *level > STOP_TO).unwrap_or(0);
    (3..last_sound.saturating_sub(STOP_TENTHS)).filter(move |i| {
        levels[i - 3] >= STOP_FROM
            && levels[i - 1] > STOP_TO
            && levels[*i..i + STOP_TENTHS].iter().all(|level| *level <= STOP_TO)
    })
}

fn tenth_time(tenth: usize) -> Time {
    Time::from_millis(tenth as i64 * 100)
}

fn nearest(time: Time, beats: &[Time]) -> Time {
    let distance = |beat: &Time| (*beat - time).micros().abs();
    beats.iter().copied().min_by_key(distance).filter(|beat| distance(beat) <= NEAR_US).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Score;

    #[test]
    fn one_drop_and_one_stop() {
        let parts = [(100, 0.3), (100, 0.95), (6, 0.0), (50, 0.9), (40, 0.0)];
        let values = parts.iter().flat_map(|(tenths, level)| vec![Score::new(*level); *tenths]).collect();
        let energy = EnergyCurve { rate_hz: 10, values };
        let beats: Vec<Time> = (0..60).map(|beat| Time::from_millis(beat * 500 + 150)).collect();
        let found = events(&energy, &beats);
        let kinds: Vec<EventKind> = found.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Drop, EventKind::Stop]);
        assert_eq!(found[0].time, Time::from_millis(10_150));
        assert_eq!(found[1].time, Time::from_secs(20));
    }

    #[test]
    fn a_steady_level_has_no_events() {
        let energy = EnergyCurve { rate_hz: 10, values: vec![Score::new(0.8); 300] };
        assert!(events(&energy, &[]).is_empty());
        assert!(events(&EnergyCurve::default(), &[]).is_empty());
    }
}
