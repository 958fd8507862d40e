use mmm_base::Time;
use mmm_facts::{ClipSample, SourceShot};

/// The look of a moment is averaged over this time on either side.
const AROUND: Time = Time::from_millis(700);
/// A moment closer to the end of its shot than this leaves too little to show.
const MARGIN: Time = Time::from_millis(1200);
/// The preferred motion: something happens, and the eye can follow it.
const BEST_MOTION: f64 = 0.3;

/// Returns the best moment: it looks good for a while, something moves, and there is time around it. Without
/// moments, returns the middle of the longest of `shots`.
pub fn best_moment(moments: &[ClipSample], shots: &[SourceShot]) -> Time {
    let scored = shots.iter().flat_map(|shot| {
        let inside = moments.iter().filter(|moment| shot.start <= moment.time && moment.time < shot.end);
        inside.map(|moment| (moment.time, worth(moment, moments, shot)))
    });
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    let longest = shots.iter().max_by_key(|shot| shot.end - shot.start);
    let middle = longest.map_or(Time::ZERO, |shot| (shot.start + shot.end).scale(1, 2));
    best.map_or(middle, |(time, _)| time)
}

fn worth(moment: &ClipSample, moments: &[ClipSample], shot: &SourceShot) -> f64 {
    let from = (moment.time - AROUND).max(shot.start);
    let to = (moment.time + AROUND).min(shot.end);
    // Moments are sorted by time, so the neighbourhood is a slice.
    let first = moments.partition_point(|other| other.time < from);
    let near = &moments[first..moments.partition_point(|other| other.time <= to).max(first)];
    let mean = |value: fn(&ClipSample) -> f64| near.iter().map(value).sum::<f64>() / near.len().max(1) as f64;
    let look = mean(|moment| moment.aesthetic.get());
    let motion = mean(|moment| moment.motion.get());
    let lively = (-((motion - BEST_MOTION) / 0.35).powi(2)).exp();
    let room = (moment.time - shot.start).min(shot.end - moment.time);
    let room = (room.secs() / MARGIN.secs()).min(1.0);
    // Prefers the middle among equals.
    let middle = (shot.start + shot.end).scale(1, 2);
    let off = (moment.time - middle).secs().abs() / (shot.end - shot.start).secs().max(0.001);
    look + 0.25 * lively + 0.4 * room - 0.05 * off
}
