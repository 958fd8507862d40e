use crate::cast::Limits;
use crate::music::{Extent, Grid, Pace};
use mmm_base::Time;
use mmm_facts::Material;

/// Returns the grids on which the cuts of a movie may fall, the preferred one first: beats and a steady grid,
/// then beats and, where there are none, every frame.
pub(super) fn grids<'a>(
    material: &'a Material,
    extent: &'a Extent,
    pace: &'a Pace,
    limits: Limits,
) -> impl Iterator<Item = Grid> + 'a {
    let cut_on = material.settings.constraints.cut_on;
    let (cues, length, rate) = (&extent.cues, extent.length, material.rate);
    let steady = move || Grid::of(cues, length, cut_on, pace, limits.photo).with_frames_of(material.rate);
    let frame = rate.time_of(1);
    let on_frames = move |slack: Time| {
        Grid::of_frames(cues, length, cut_on, pace, (limits.min, limits.photo), (rate, slack))
    };
    // Half a frame is what rounding takes. A whole one lets shots of two lengths fill the movie: beside beats,
    // or if their mean is in the range.
    let is_set = material.settings.constraints.shot.is_some();
    let half = std::iter::once_with(move || on_frames(frame.scale(1, 2)));
    let whole =
        move || on_frames(frame).filter(|grid| grid.on_beats || divides(length, limits, frame.scale(1, 2)));
    let whole = is_set.then(|| std::iter::once_with(whole));
    std::iter::once_with(steady).chain(half.chain(whole.into_iter().flatten()).flatten())
}

/// Whether a movie of this length, give or take `half` a frame, is a whole number of shots within the limits.
fn divides(length: Time, limits: Limits, half: Time) -> bool {
    let longest = limits.photo.max(limits.clip).micros().max(1);
    let fewest = ((length - half).max(Time::ZERO).micros() + longest - 1) / longest;
    limits.min.scale(fewest.max(1), 1) <= length + half
}

/// Returns the limits of shots on a grid. If the spec sets them, a shot may be outside by the slack of the
/// grid; other limits are no promise, and have none.
pub(super) fn on_grid(limits: Limits, material: &Material, grid: &Grid) -> Limits {
    match material.settings.constraints.shot {
        Some(_) => limits.widened(grid.slack),
        None => limits,
    }
}

/// Returns the limits of the shots of an earlier plan, whichever grid it was made on.
pub(super) fn on_any_grid(limits: Limits, material: &Material) -> Limits {
    match material.settings.constraints.shot {
        Some(_) => limits.widened(material.rate.time_of(1) + Time::from_micros(2)),
        None => limits,
    }
}
