use mmm_base::{Score, Time};
use mmm_facts::{Event, EventKind};

use super::bar_features::Bar;
use crate::audio::track::FRAMES_HZ;

/// Bars on either side of a boundary whose energy is compared.
const SIDE_BARS: usize = 2;
/// Weights of level, low level and flux in a step of energy; the bass counts most.
const STEP_WEIGHTS: [f64; 3] = [0.3, 0.4, 0.3];
/// Added to the spread of the bars in level, low level and flux, so that flat music has no steps.
const SPREAD_FLOORS: [f64; 3] = [0.02, 0.03, 0.003];
/// A step up of more than this many spreads is a drop.
const DROP_STEP: f64 = 1.0;

/// A stop is quieter than this share of the loud parts (the 80th percentile).
const STOP_LEVEL: f64 = 0.25;
const LOUD_QUANTILE: f64 = 0.8;
/// A stop lasts at least this many frames: half a second.
const STOP_FRAMES: usize = 25;
/// The second before a stop is louder than this share of the loud parts on average, which excludes fades.
const STOP_FROM: f64 = 0.6;
const FROM_FRAMES: usize = 50;
/// After a stop the music continues for more than this many frames: half a second.
const REST_FRAMES: usize = 25;
/// Rests that start within this many frames of each other (8 s) count together.
const STOP_APART: usize = 400;
/// The most rests near each other that can be stops; more are a way of playing.
const MOST_STOPS: usize = 2;
const STOP_SYNC: f64 = 0.9;

/// Returns the events at section boundaries: `starts` are the bars at which sections begin, `times` their
/// times. A step up in energy by more than [`DROP_STEP`] is a drop, anything else a section.
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

/// Returns the stops: places where the music suddenly falls silent for a moment and then continues. `level`
/// is the level of each frame. Frequent rests don't count.
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

/// Returns how much more energy the two bars from `start` on have than the two before, in spreads.
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

/// Returns the standard deviation of the bars in level, low level and flux, plus a floor.
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

/// Returns the value below which `share` of the values lies; 0 if there are none.
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
