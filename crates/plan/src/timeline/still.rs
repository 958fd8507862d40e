use mmm_facts::{SegmentRecipe, ShotView, Timeline, TimelineShot, View};
use mmm_spec::Colour;

/// Returns the frame in the middle of a shot, as a segment of one small frame; it is the same for a draft and
/// the final movie. `None` if the shot is not in this timeline.
pub fn still(timeline: &Timeline, shot: &TimelineShot) -> Option<SegmentRecipe> {
    let middle = shot.start + shot.frames / 2;
    let holds = |start: u32, frames: u32| (start..start + frames).contains(&middle);
    let segment = timeline.segments.iter().find(|segment| holds(segment.start, segment.recipe.frames))?;
    let view = match &segment.recipe.view {
        View::Shot(view) => view,
        // The cut is in the middle of the transition.
        View::Blend(_, before, _) if middle < segment.start + segment.recipe.frames / 2 => before,
        View::Blend(_, _, after) => after,
    };
    let later = middle - segment.start;
    // A thumbnail is not worth reading the whole shot for stabilization.
    let view = ShotView { steadied: None, ..view.moved(i64::from(later), timeline.canvas.rate) };
    let texts = segment.recipe.texts.iter().cloned().map(|mut text| {
        text.start -= later as i32;
        text
    });
    Some(SegmentRecipe {
        canvas: timeline.canvas.small(),
        frames: 1,
        view: View::Shot(view),
        texts: texts.collect(),
        fade: None,
        ground: Colour::BLACK,
    })
}
