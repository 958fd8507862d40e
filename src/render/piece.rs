use super::clip_view::ClipFrames;
use super::compose::dissolve;
use super::h264::H264;
use super::overlay::Overlay;
use super::photo_view::PhotoFrames;
use super::plate::{needed_size, plate, plate_size};
use super::{Encoded, RenderError, Sources};
use crate::base::Cancel;
use crate::media::{Yuv420, decode_photo};
use crate::timeline::{Canvas, Picture, PieceRecipe, ShotView, View};

/// The frames of one shot.
enum Frames {
    Photo(Box<PhotoFrames>),
    Clip(Box<ClipFrames>),
}

/// Makes and encodes one piece. `progress` is told after each frame.
///
/// # Errors
/// When a source is gone or can't be read, on cancellation, or when the encoder fails.
pub fn render_piece(
    recipe: &PieceRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
    progress: &dyn Fn(u32),
) -> Result<Encoded, RenderError> {
    let mut encoder = H264::new(recipe.canvas)?;
    let mut done = 0;
    render_frames(recipe, sources, cancel, &mut |picture| {
        encoder.push(picture)?;
        done += 1;
        progress(done);
        Ok(())
    })?;
    encoder.finish()
}

/// Makes the frames of one piece, in order, and hands each to `take`.
///
/// # Errors
/// As [`render_piece`], and those of `take`.
pub(super) fn render_frames(
    recipe: &PieceRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
    take: &mut dyn FnMut(&Yuv420) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let (mut first, mut second) = match &recipe.view {
        View::Shot(shot) => (Frames::open(shot, recipe.canvas, sources)?, None),
        View::Dissolve(before, after) => (
            Frames::open(before, recipe.canvas, sources)?,
            Some(Frames::open(after, recipe.canvas, sources)?),
        ),
    };
    let overlay = Overlay::new(&recipe.words, recipe.canvas);
    for index in 0..recipe.frames {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let mut picture = first.frame(index)?;
        if let Some(second) = &mut second {
            // Neither end of a dissolve is all of one shot: those frames are in the bodies.
            let weight = 256 * (index + 1) / (recipe.frames + 1);
            dissolve(&mut picture, &second.frame(index)?, weight);
        }
        overlay.draw(index as i32, &mut picture);
        take(&picture)?;
    }
    Ok(())
}

impl Frames {
    fn open(shot: &ShotView, canvas: Canvas, sources: &dyn Sources) -> Result<Self, RenderError> {
        let gone = RenderError::Gone { source_digest: shot.source };
        let path = sources.path(shot.source).ok_or(gone)?;
        match shot.picture {
            Picture::Photo(view) => {
                let size = plate_size(canvas, view.motion);
                let photo = decode_photo(&path, needed_size(shot.framing, size));
                let photo = photo.map_err(RenderError::of(shot.source))?;
                let plate = plate(&photo, shot.framing, size)?;
                Ok(Self::Photo(Box::new(PhotoFrames::new(plate, view, canvas))))
            }
            Picture::Clip(from) => {
                let frames = ClipFrames::open(&path, shot.source, shot.framing, from, canvas)?;
                Ok(Self::Clip(Box::new(frames)))
            }
        }
    }

    fn frame(&mut self, index: u32) -> Result<Yuv420, RenderError> {
        match self {
            Self::Photo(photo) => photo.frame(index),
            Self::Clip(clip) => clip.frame(index),
        }
    }
}
