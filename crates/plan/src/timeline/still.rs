use mmm_spec::Colour;

use mmm_facts::{PieceRecipe, Shot, ShotView, Timeline, View};

/// The frame in the middle of a shot, as a piece of one small frame: the same for a draft and
/// the final movie. None for a shot that is not in this timeline.
pub fn still(timeline: &Timeline, shot: &Shot) -> Option<PieceRecipe> {
    let middle = shot.start + shot.frames / 2;
    let holds = |start: u32, frames: u32| (start..start + frames).contains(&middle);
    let piece = timeline.pieces.iter().find(|piece| holds(piece.start, piece.recipe.frames))?;
    let view = match &piece.recipe.view {
        View::Shot(view) => view,
        // The cut is in the middle of its blend.
        View::Blend(_, before, _) if middle < piece.start + piece.recipe.frames / 2 => before,
        View::Blend(_, _, after) => after,
    };
    let later = middle - piece.start;
    // A glimpse for a page is not worth the reading of a whole shot.
    let view = ShotView { steady: None, ..view.later(later, timeline.canvas.rate) };
    let words = piece.recipe.words.iter().cloned().map(|mut words| {
        words.start -= later as i32;
        words
    });
    Some(PieceRecipe {
        canvas: timeline.canvas.small(),
        frames: 1,
        view: View::Shot(view),
        words: words.collect(),
        fade: None,
        ground: Colour::BLACK,
    })
}
