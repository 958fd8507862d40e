use crate::spec::{Codec, Colour};

use super::{Canvas, Encoder, PieceRecipe, Profile, Shot, ShotView, Timeline, View};

/// Pixels of a still's longer side.
const LONG_SIDE: u32 = 384;

impl Timeline {
    /// The frame in the middle of a shot, as a piece of one small frame: the same for a draft and
    /// the final movie. None for a shot that is not in this timeline.
    pub fn still(&self, shot: &Shot) -> Option<PieceRecipe> {
        let middle = shot.start + shot.frames / 2;
        let holds = |start: u32, frames: u32| (start..start + frames).contains(&middle);
        let piece = self.pieces.iter().find(|piece| holds(piece.start, piece.recipe.frames))?;
        let view = match &piece.recipe.view {
            View::Shot(view) => view,
            // The cut is in the middle of its blend.
            View::Blend(_, before, _) if middle < piece.start + piece.recipe.frames / 2 => before,
            View::Blend(_, _, after) => after,
        };
        let later = middle - piece.start;
        // A glimpse for a page is not worth the reading of a whole shot.
        let view = ShotView { steady: None, ..view.later(later, self.canvas.rate) };
        let words = piece.recipe.words.iter().cloned().map(|mut words| {
            words.start -= later as i32;
            words
        });
        Some(PieceRecipe {
            canvas: self.canvas.small(),
            frames: 1,
            view: View::Shot(view),
            words: words.collect(),
            fade: None,
            ground: Colour::BLACK,
        })
    }
}

impl Canvas {
    /// A small canvas of the same shape.
    pub fn small(self) -> Self {
        self.sized(LONG_SIDE)
    }

    /// A canvas of the same shape, with so many pixels on its longer side.
    pub(super) fn sized(self, long_side: u32) -> Self {
        let long = self.width.max(self.height).max(1);
        let side = |pixels: u32| (pixels * long_side / long).next_multiple_of(2).max(2);
        let (width, height) = (side(self.width), side(self.height));
        let (codec, encoder) = (Codec::H264, Encoder::Software);
        Self { width, height, rate: self.rate, profile: Profile::Draft, codec, encoder }
    }
}
