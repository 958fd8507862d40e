//! Cuts the movie into what is encoded by itself: a body for each shot, a piece for each dissolve.

use super::lay_out::Laid;
use super::words::words_in;
use super::{Canvas, PhotoView, Picture, Piece, PieceRecipe, ShotView, View, Words};

/// The pieces of the shots, in order, without gaps.
pub(super) fn pieces(canvas: Canvas, shots: &[Laid], words: &[Words]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, shot) in shots.iter().enumerate() {
        if shot.dissolve > 0 {
            let start = shot.start - shot.dissolve / 2;
            let before = view(&shots[index - 1], start, canvas);
            let after = view(shot, start, canvas);
            let dissolve = View::Dissolve(before, after);
            pieces.push(piece(canvas, start, shot.dissolve, dissolve, words));
        }
        let start = shot.start + shot.dissolve / 2;
        let next = shots.get(index + 1).map_or(0, |next| next.dissolve / 2);
        let frames = shot.start + shot.frames - next - start;
        if frames > 0 {
            let body = View::Shot(view(shot, start, canvas));
            pieces.push(piece(canvas, start, frames, body, words));
        }
    }
    pieces
}

fn piece(canvas: Canvas, start: u32, frames: u32, view: View, words: &[Words]) -> Piece {
    let words = words_in(words, start, frames);
    Piece { start, recipe: PieceRecipe { canvas, frames, view, words } }
}

/// What is seen of a shot from frame `start` of the movie on.
fn view(shot: &Laid, start: u32, canvas: Canvas) -> ShotView {
    let offset = i64::from(start) - i64::from(shot.start);
    let picture = match &shot.picture {
        Picture::Photo(photo) => {
            let first = (i64::from(photo.first) + offset).max(0) as u32;
            Picture::Photo(PhotoView { first, ..*photo })
        }
        Picture::Clip(from) => Picture::Clip(*from + canvas.rate.time_of(offset)),
    };
    ShotView { source: shot.source, framing: shot.framing, picture }
}
