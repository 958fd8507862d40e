use mmm_facts::{ShotView, TimelineShot, View, Wanted};

/// Returns what is shown in the middle of a shot.
pub(super) fn view_of<'a>(shot: &TimelineShot, wanted: &'a Wanted) -> Option<&'a ShotView> {
    let middle = shot.start + shot.frames / 2;
    let segments = &wanted.timeline.segments;
    let segment = segments.iter().rev().find(|segment| segment.start <= middle)?;
    Some(match &segment.recipe.view {
        View::Shot(view) => view,
        View::Blend(_, before, _) if middle < segment.start + segment.recipe.frames / 2 => before,
        View::Blend(_, _, after) => after,
    })
}
