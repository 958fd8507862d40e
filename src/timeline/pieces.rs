//! Cuts the movie into what is encoded by itself: a body for each shot, a piece for each transition.

use super::lay_out::Laid;
use super::words::words_in;
use super::{Blend, Canvas, Fade, PhotoView, Picture, Piece, PieceRecipe, ShotView, View, Words};
use crate::spec::TransitionKind;

/// A stretch of the movie before it is a recipe.
struct Stretch {
    start: u32,
    frames: u32,
    view: View,
    fade: Option<Fade>,
}

/// The pieces of the shots, in order, without gaps. The movie comes out of black over the first of
/// `ends` frames, and goes back over the second.
pub(super) fn pieces(canvas: Canvas, shots: &[Laid], ends: (u32, u32), words: &[Words]) -> Vec<Piece> {
    let mut stretches = Vec::new();
    for (index, shot) in shots.iter().enumerate() {
        if let Some(blend) = blend(shot.transition.kind) {
            let start = shot.start - shot.transition.handle();
            let before = view(&shots[index - 1], start, canvas);
            let view = View::Blend(blend, before, view(shot, start, canvas));
            stretches.push(Stretch { start, frames: shot.transition.frames, view, fade: None });
        }
        let next = shots.get(index + 1);
        let (fade_in, fade_out) = (if index == 0 { ends.0 } else { dip(shot) }, next.map_or(ends.1, dip));
        let start = shot.start + shot.transition.handle();
        let end = shot.start + shot.frames - next.map_or(0, |next| next.transition.handle());
        body(shot, (start, end), (fade_in, fade_out), canvas, &mut stretches);
    }
    let piece = |Stretch { start, frames, view, fade }| {
        let words = words_in(words, start, frames);
        Piece { start, recipe: PieceRecipe { canvas, frames, view, words, fade } }
    };
    stretches.into_iter().map(piece).collect()
}

/// The frames of a shot that no other shares, those that fade by themselves.
fn body(shot: &Laid, span: (u32, u32), fades: (u32, u32), canvas: Canvas, stretches: &mut Vec<Stretch>) {
    let (start, end) = span;
    let first = (start + fades.0).min(end);
    let last = end.saturating_sub(fades.1).max(first);
    for (start, end, fade) in
        [(start, first, Some(Fade::In)), (first, last, None), (last, end, Some(Fade::Out))]
    {
        if start < end {
            let view = View::Shot(view(shot, start, canvas));
            stretches.push(Stretch { start, frames: end - start, view, fade });
        }
    }
}

/// Frames of the dip on each side of the cut into a shot.
fn dip(shot: &Laid) -> u32 {
    if shot.transition.kind == TransitionKind::Dip { shot.transition.frames / 2 } else { 0 }
}

fn blend(kind: TransitionKind) -> Option<Blend> {
    match kind {
        TransitionKind::Cut | TransitionKind::Dip => None,
        TransitionKind::Dissolve => Some(Blend::Dissolve),
        TransitionKind::Wipe => Some(Blend::Wipe),
        TransitionKind::Slide => Some(Blend::Slide),
        TransitionKind::Zoom => Some(Blend::Zoom),
    }
}

/// What is seen of a shot from frame `start` of the movie on.
fn view(shot: &Laid, start: u32, canvas: Canvas) -> ShotView {
    let offset = i64::from(start) - i64::from(shot.start);
    let picture = match &shot.picture {
        Picture::Photo(photo) => {
            let first = (i64::from(photo.first) + offset).max(0) as u32;
            Picture::Photo(PhotoView { first, ..*photo })
        }
        Picture::Clip(from) => Picture::Clip(*from + shot.speed.seen_in(canvas.rate.time_of(offset))),
    };
    let Laid { source, ref framing, lift, look, cube, speed, steady, .. } = *shot;
    ShotView { source, framing: framing.clone(), picture, lift, look, cube, speed, steady }
}
