use mmm_base::{Score, Time};
use mmm_facts::{Event, EventKind};

use super::bar_features::Bar;
use crate::audio::track::FRAMES_HZ;

/// Bars on either side of a boundary whose energy is compared.
const SIDE_BARS: usize = 2;
/// Weights of level, low level and flux in a step of energy: the bass above all.
const STEP_WEIGHTS: [f64; 3] = [0.3, 0.4, 0.3];
/// Added to the spread of the bars in level, low level and flux, so that flat music has no steps.
const SPREAD_FLOORS: [f64; 3] = [0.02, 0.03, 0.003];
/// A step up of more than this many spreads is a drop.
const DROP_STEP: f64 = 1.0;

/// A stop is quieter than this share of the loud parts (the 80th percentile) …
const STOP_LEVEL: f64 = 0.25;
const LOUD_QUANTILE: f64 = 0.8;
/// … for at least half a second, …
const STOP_FRAMES: usize = 25;
/// … after a second that is on average this loud, so that a fade is no stop; …
const STOP_FROM: f64 = 0.6;
const FROM_FRAMES: usize = 50;
/// … and the music goes on for at least half a second.
const REST_FRAMES: usize = 25;
/// Of stops nearer than 8 s …
const STOP_APART: usize = 400;
/// … only so many may be: more are the way the music is played.
const MOST_STOPS: usize = 2;
const STOP_SYNC: f64 = 0.9;

/// The events at the boundaries: `starts` are the bars at which sections begin, `times` the
/// times of these. Where the energy steps up by [`DROP_STEP`] it is a drop, else a section.
pub fn at_boundaries(bars: &[Bar], starts: &[usize], times: &[Time]) -> Vec<Event> {
    let spreads = spreads(bars);
    let event = |(start, time): (&usize, &Time)| {
        let step = step(bars, *start, &spreads);
        let (kind, sync) = if step > DROP_STEP {
            (EventKind::Drop, 0.5 + 0.25 * step)
        } else {
            (EventKind::Section, (0.55 + 0.15 * step.abs()).min(0.8))
        };
        Event { time: *time, kind, sync: Score::new(sync) }
    };
    starts.iter().zip(times).skip(1).map(event).collect()
}

/// The stops: where the music falls silent at once, for a moment, and goes on. `level` is that
/// of the frames. Rests that come again and again are none.
pub fn stops(level: &[f32]) -> Vec<Event> {
    let loud = quantile(level, LOUD_QUANTILE);
    let is_quiet = |level: &f32| f64::from(*level) < STOP_LEVEL * loud;
    let mut rests = Vec::new();
    let mut frame = 0;
    for run in level.chunk_by(|a, b| is_quiet(a) == is_quiet(b)) {
        if run.len() >= STOP_FRAMES / 2 && run.first().is_some_and(is_quiet) {
            rests.push((frame, run.len()));
        }
        frame += run.len();
    }
    let is_stop = |(start, length): &(usize, usize)| {
        *length >= STOP_FRAMES
            && *start > 0
            && start + length + REST_FRAMES < level.len()
            && mean(&level[start.saturating_sub(FROM_FRAMES)..*start]) > STOP_FROM * loud
            && rests.iter().filter(|(other, _)| other.abs_diff(*start) < STOP_APART).count() <= MOST_STOPS
    };
    let event = |(start, _): &(usize, usize)| Event {
        time: Time::from_secs_f64(*start as f64 / FRAMES_HZ),
        kind: EventKind::Stop,
        sync: Score::new(STOP_SYNC),
    };
    rests.iter().filter(|rest| is_stop(rest)).map(event).collect()
}

fn energy(bar: &Bar) -> [f64; 3] {
    [bar.level, bar.low_level, bar.flux]
}

/// How much more energy the two bars from `start` on have than the two before, in spreads.
fn step(bars: &[Bar], start: usize, spreads: &[f64; 3]) -> f64 {
    let before = means(&bars[start.saturating_sub(SIDE_BARS)..start]);
    let after = means(&bars[start..(start + SIDE_BARS).min(bars.len())]);
    (0..3).map(|i| STEP_WEIGHTS[i] * (after[i] - before[i]) / spreads[i]).sum()
}

fn means(bars: &[Bar]) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for bar in bars {
        sums.iter_mut().zip(energy(bar)).for_each(|(sum, value)| *sum += value);
    }
    sums.map(|sum| sum / bars.len().max(1) as f64)
}

/// The root variance of the bars in level, low level and flux, over a floor.
fn spreads(bars: &[Bar]) -> [f64; 3] {
    let means = means(bars);
    let count = bars.len().max(1) as f64;
    std::array::from_fn(|i| {
        let square = bars.iter().map(|bar| (energy(bar)[i] - means[i]).powi(2)).sum::<f64>();
        (square / count).sqrt() + SPREAD_FLOORS[i]
    })
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len().max(1) as f64
}

/// The value below which `share` of the values lies; 0 where there are none.
fn quantile(values: &[f32], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let index = (sorted.len().saturating_sub(1)) as f64 * share;
    let at = |index: f64| sorted.get(index as usize).copied().map_or(0.0, f64::from);
    at(index.floor()) + (at(index.ceil()) - at(index.floor())) * index.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(parts: &[(usize, f32)]) -> Vec<f32> {
        parts.iter().flat_map(|(frames, level)| vec![*level; *frames]).collect()
    }

    #[test]
    fn a_stop_is_found_and_the_end_is_none() {
        let found = stops(&level(&[(1000, 0.6), (40, 0.02), (1000, 0.6), (200, 0.0)]));
        let times: Vec<Time> = found.iter().map(|event| event.time).collect();
        assert_eq!(times, [Time::from_secs(20)]);
    }

    #[test]
    fn rests_each_beat_and_fades_are_no_stops() {
        let beat = [(25, 0.6), (25, 0.02)];
        let staccato: Vec<(usize, f32)> = beat.into_iter().cycle().take(80).collect();
        assert!(stops(&level(&[&[(2000, 0.6)], &staccato[..], &[(500, 0.6)]].concat())).is_empty());
        let fade = (0..150).map(|i| 0.6 - 0.004 * i as f32);
        let faded: Vec<f32> =
            level(&[(1000, 0.6)]).into_iter().chain(fade).chain(level(&[(50, 0.0), (500, 0.6)])).collect();
        assert!(stops(&faded).is_empty());
        assert!(stops(&[]).is_empty() && stops(&[0.0; 500]).is_empty() && stops(&[f32::NAN; 500]).is_empty());
    }

    #[test]
    fn a_drop_is_where_the_bass_comes_in() {
        let bar =
            |low_level: f64| Bar { level: 0.3 + 0.2 * low_level, low_level, flux: 0.02, ..Bar::default() };
        let bars = [vec![bar(0.1); 8], vec![bar(0.9); 8], vec![bar(0.8); 8]].concat();
        let times = [0, 16, 32].map(Time::from_secs);
        let events = at_boundaries(&bars, &[0, 8, 16], &times);
        let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Drop, EventKind::Section]);
        assert_eq!(events[0].time, Time::from_secs(16));
        assert!(events[0].sync > events[1].sync);
    }
}
