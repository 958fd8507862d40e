use mmm_base::{Digest, Time};
use mmm_facts::{
    Canvas, Framing, Move, PhotoView, PictureSource, SegmentRecipe, ShotFraming, ShotView, Treatment, View,
    Window,
};
use mmm_spec::Colour;

use super::follow::follow;
use super::framing::framing;

/// Returns the middle of a shot in the shape of its movie, as a segment of one small frame without texts.
///
/// `size` is that of the upright picture, and `part` what the shot shows of a clip; `None` for a photo.
pub fn moment(
    source: Digest,
    wanted: &ShotFraming,
    size: (u32, u32),
    part: Option<(Time, Time)>,
    canvas: Canvas,
) -> SegmentRecipe {
    let mut framing = framing(wanted, size, canvas);
    let picture = match part {
        Some(part) => {
            if matches!(framing, Framing::Crop(_)) {
                framing = follow(&wanted.track, size, canvas, wanted.focus, part);
            }
            PictureSource::Clip((part.0 + part.1).scale(1, 2))
        }
        None => {
            let motion = Move { from: Window::WHOLE, to: Window::WHOLE };
            PictureSource::Photo(PhotoView { motion, length: 1, first: 0, glides: false })
        }
    };
    let treatment = Treatment::default();
    let view = View::Shot(ShotView {
        source,
        framing,
        picture,
        treatment,
        cube: None,
        steadied: None,
        may_fill: false,
    });
    let (texts, fade, ground) = (Vec::new(), None, Colour::BLACK);
    SegmentRecipe { canvas: canvas.small(), frames: 1, view, texts, fade, ground }
}
