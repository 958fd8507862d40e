//! Divides the movie into parts that are encoded on their own: a body for each shot, a segment for each
//! transition.

use super::laid::Laid;
use super::texts::texts_in;
use mmm_facts::{Blend, Canvas, Fade, Segment, SegmentRecipe, ShotView, TextOverlay, View};
use mmm_spec::{Colour, TransitionKind};

/// A stretch of the movie before it becomes a recipe.
struct Stretch {
    start: u32,
    frames: u32,
    view: View,
    fade: Option<Fade>,
    ground: Colour,
}

/// Where the picture fades to one colour and from it.
pub(super) struct Dips {
    /// Frames of the fade in at the start of the movie, and of the fade out at its end.
    pub ends: (u32, u32),
    /// The colour at the movie's ends, and (`between`) that between shots.
    pub end: Colour,
    pub between: Colour,
}

/// Returns the segments of the shots, in order, without gaps.
pub(super) fn segments(canvas: Canvas, shots: &[Laid], dips: &Dips, texts: &[TextOverlay]) -> Vec<Segment> {
    let mut stretches = Vec::new();
    for (index, shot) in shots.iter().enumerate() {
        if let Some(blend) = blend(shot.transition.kind) {
            let start = shot.start - shot.transition.handle();
            let before = view(&shots[index - 1], start, canvas);
            let view = View::Blend(blend, before, view(shot, start, canvas));
            let (frames, ground) = (shot.transition.frames, Colour::BLACK);
            stretches.push(Stretch { start, frames, view, fade: None, ground });
        }
        let next = shots.get(index + 1);
        let dip = |shot| (dip(shot), dips.between);
        let fade_in = if index == 0 { (dips.ends.0, dips.end) } else { dip(shot) };
        let fade_out = next.map_or((dips.ends.1, dips.end), dip);
        let start = shot.start + shot.transition.handle();
        let end = shot.start + shot.frames - next.map_or(0, |next| next.transition.handle());
        body(shot, (start, end), (fade_in, fade_out), canvas, &mut stretches);
    }
    let segment = |Stretch { start, frames, view, fade, ground }| {
        let texts = texts_in(texts, start, frames);
        Segment { start, recipe: SegmentRecipe { canvas, frames, view, texts, fade, ground } }
    };
    stretches.into_iter().map(segment).collect()
}

/// Adds the frames of a shot that no other shot shares; fades become segments of their own.
fn body(
    shot: &Laid,
    (start, end): (u32, u32),
    (fade_in, fade_out): ((u32, Colour), (u32, Colour)),
    canvas: Canvas,
    stretches: &mut Vec<Stretch>,
) {
    let first = (start + fade_in.0).min(end);
    let last = end.saturating_sub(fade_out.0).max(first);
    for (start, end, fade, ground) in [
        (start, first, Some(Fade::In), fade_in.1),
        (first, last, None, Colour::BLACK),
        (last, end, Some(Fade::Out), fade_out.1),
    ] {
        if start < end {
            let view = View::Shot(view(shot, start, canvas));
            stretches.push(Stretch { start, frames: end - start, view, fade, ground });
        }
    }
}

/// Returns the frames of the dip on each side of the cut into a shot.
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

/// Returns the view of a shot from frame `start` of the movie on.
fn view(shot: &Laid, start: u32, canvas: Canvas) -> ShotView {
    shot.view.moved(i64::from(start) - i64::from(shot.start), canvas.rate)
}
