use std::path::Path;

use super::heard::{Heard, joins as sound_joins};
use super::seen::Seen;
use super::smooth::Tracker;
use super::{
    InspectError, bars, black, choice, cuts, flashes, focus, inspect, joins, pace, stillness, streams,
    subject, voices,
};
use mmm_base::Cancel;
use mmm_facts::{Figure, Review, Wanted};

/// Measures the file at `path`, decoding its picture once on `threads` threads, and its sound once. Without
/// `wanted`, figures that need a plan are reported as not measured.
///
/// # Errors
/// If the file can't be read or decoded, or on cancellation.
pub fn review(
    path: &Path,
    wanted: Option<&Wanted>,
    threads: usize,
    cancel: &Cancel,
) -> Result<Review, InspectError> {
    let mut file = inspect(path)?;
    let mut tracker = Tracker::of(wanted);
    let seen = Seen::watch(path, threads, &mut tracker, cancel)?;
    let sounds = wanted.map(sound_joins).unwrap_or_default();
    let heard = Heard::listen(path, &sounds, cancel)?;
    // What a player actually decodes counts, not what headers say.
    file.frames = seen.frames();
    file.samples = heard.as_ref().map(|heard| heard.frames);
    let rate = wanted.map_or(file.rate, |wanted| wanted.timeline.canvas.rate);
    let mut figures = streams(&file, wanted.map(|wanted| wanted.timeline));
    figures.push(cuts::figure(&seen, rate, wanted));
    figures.push(joins::figure(&seen, rate, wanted));
    figures.push(black::figure(&seen, rate, wanted));
    figures.push(stillness::frozen(&seen, rate, wanted));
    figures.push(stillness::repeated(&seen, rate, wanted));
    figures.push(tracker.figure(rate, wanted));
    figures.extend(flashes::figures(&seen, rate));
    figures.extend(Heard::figures(heard.as_ref(), rate, wanted));
    figures.push(voices::figure(rate, wanted)?);
    figures.push(pace::figure(wanted));
    figures.push(focus::figure(rate, wanted));
    figures.push(subject::figure(rate, wanted));
    figures.push(bars::figure(rate, wanted));
    figures.extend(choice::figures(rate, wanted));
    if let Some(wanted) = wanted {
        figures.iter_mut().for_each(|figure| name_shots(figure, wanted));
    }
    Ok(Review { figures })
}

/// Adds to every place the shot that it is in.
fn name_shots(figure: &mut Figure, wanted: &Wanted) {
    let shots = &wanted.timeline.shots;
    for place in &mut figure.places {
        let index = shots.iter().rposition(|shot| shot.start <= place.frame);
        place.shot = index.map(|index| (index + 1, shots[index].shot.source.path.clone()));
    }
}
