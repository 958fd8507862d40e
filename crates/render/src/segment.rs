use super::ProxySources;
use super::blend::{blend, tint};
use super::clip_view::ClipFrames;
use super::encoded::Encoded;
use super::look::LookTable;
use super::photo_view::PhotoFrames;
use super::picture::PictureEncoder;
use super::plate::{decoded_size, needed_size, plate, plate_size};
use super::text::Overlay;
use super::{RenderError, Setup, TakePackets};
use mmm_base::Cancel;
use mmm_facts::Lack;
use mmm_facts::{Blend, Fade, PictureSource, SegmentRecipe, ShotView, View};
use mmm_media::{Yuv420, decode_photo};

/// The frames of one shot.
enum Frames {
    Photo(Box<PhotoFrames>),
    Clip(Box<ClipFrames>),
}

/// A rendered segment whose packets were handed over, and the damage in its sources.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenderedSegment {
    pub setup: Setup,
    pub lacks: Vec<Lack>,
}

/// Renders and encodes one segment. Calls `progress` after each frame and `take` with packets as they come.
///
/// # Errors
/// If a source is missing or can't be read, on cancellation, if the encoder fails, or if `take` does.
pub fn render_segment(
    recipe: &SegmentRecipe,
    sources: &dyn ProxySources,
    cancel: &Cancel,
    progress: &dyn Fn(u32),
    take: &mut TakePackets,
) -> Result<RenderedSegment, RenderError> {
    let mut encoder = PictureEncoder::new(recipe.canvas)?;
    let mut done = 0;
    let lacks = render_frames(recipe, sources, cancel, &mut |picture| {
        encoder.push(picture)?;
        take(&encoder.ready())?;
        done += 1;
        progress(done);
        Ok(())
    })?;
    let Encoded { setup, packets } = encoder.finish()?;
    take(&packets)?;
    Ok(RenderedSegment { setup, lacks })
}

/// Renders the frames of one segment, in order, and passes each to `take`. Returns the damage in its sources.
///
/// # Errors
/// Same as [`render_segment`], and those of `take`.
pub(super) fn render_frames(
    recipe: &SegmentRecipe,
    sources: &dyn ProxySources,
    cancel: &Cancel,
    take: &mut dyn FnMut(&Yuv420) -> Result<(), RenderError>,
) -> Result<Vec<Lack>, RenderError> {
    let mut view = SegmentView::open(recipe, sources, cancel)?;
    let mut picture = Yuv420::default();
    for index in 0..recipe.frames {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        view.frame(index, &mut picture)?;
        take(&picture)?;
    }
    view.lacks()
}

/// Renders one frame of a segment exactly as it appears in the sequence.
///
/// # Errors
/// Same as [`render_segment`].
pub(super) fn render_frame(
    recipe: &SegmentRecipe,
    index: u32,
    sources: &dyn ProxySources,
    cancel: &Cancel,
) -> Result<Yuv420, RenderError> {
    let mut picture = Yuv420::default();
    SegmentView::open(recipe, sources, cancel)?.frame(index, &mut picture)?;
    Ok(picture)
}

/// A segment whose frames are rendered in order.
struct SegmentView<'a> {
    recipe: &'a SegmentRecipe,
    first: Frames,
    second: Option<(Blend, Frames)>,
    overlay: Overlay,
    /// Buffer for a frame of the second shot.
    other: Yuv420,
}

impl<'a> SegmentView<'a> {
    fn open(
        recipe: &'a SegmentRecipe,
        sources: &dyn ProxySources,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let open = |shot| Frames::open(shot, recipe, sources, cancel);
        let (first, second) = match &recipe.view {
            View::Shot(shot) => (open(shot)?, None),
            View::Blend(kind, before, after) => (open(before)?, Some((*kind, open(after)?))),
        };
        let overlay = Overlay::new(&recipe.texts, recipe.canvas, sources)?;
        Ok(Self { recipe, first, second, overlay, other: Yuv420::default() })
    }

    /// Renders frame `index` into `picture`; `index` may skip frames but never decreases.
    fn frame(&mut self, index: u32, picture: &mut Yuv420) -> Result<(), RenderError> {
        let recipe = self.recipe;
        self.first.frame(index, picture)?;
        if let Some((kind, second)) = &mut self.second {
            // No frame of a transition shows only one shot: those frames belong to the bodies.
            let progress = (index + 1) as f32 / (recipe.frames + 1) as f32;
            second.frame(index, &mut self.other)?;
            blend(*kind, picture, &self.other, progress)?;
        }
        self.overlay.draw(index as i32, picture);
        if let Some(fade) = recipe.fade {
            tint(picture, recipe.ground, light(fade, index, recipe.frames));
        }
        Ok(())
    }

    fn lacks(self) -> Result<Vec<Lack>, RenderError> {
        let mut lacks = self.first.lacks()?;
        if let Some((_, second)) = self.second {
            lacks.extend(second.lacks()?);
        }
        Ok(lacks)
    }
}

/// Returns the share of a faded frame's own light: zero at the end that is pure colour, nearly all at the
/// other.
fn light(fade: Fade, index: u32, frames: u32) -> f32 {
    let from_colour = match fade {
        Fade::In => index,
        Fade::Out => frames - 1 - index,
    };
    from_colour as f32 / frames as f32
}

impl Frames {
    fn open(
        shot: &ShotView,
        recipe: &SegmentRecipe,
        sources: &dyn ProxySources,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let canvas = recipe.canvas;
        match shot.picture {
            PictureSource::Photo(view) => {
                let gone = RenderError::Gone { source_digest: shot.source };
                let path = sources.path(shot.source).ok_or(gone)?;
                let look = LookTable::of(shot, sources)?;
                let size = plate_size(canvas, view.motion);
                let photo =
                    decode_photo(&path, decoded_size(needed_size(&shot.framing, size), canvas.profile));
                let photo = photo.map_err(RenderError::of(shot.source))?;
                let mut plate = plate(&photo, &shot.framing, size)?;
                if let Some(look) = look {
                    look.apply(&mut plate);
                }
                Ok(Self::Photo(Box::new(PhotoFrames::new(&plate, view, canvas))))
            }
            PictureSource::Clip(from) => {
                let frames = ClipFrames::open(shot, (from, recipe.frames), canvas, sources, cancel)?;
                Ok(Self::Clip(Box::new(frames)))
            }
        }
    }

    fn lacks(self) -> Result<Vec<Lack>, RenderError> {
        match self {
            Self::Photo(_) => Ok(Vec::new()),
            Self::Clip(clip) => clip.lacks(),
        }
    }

    fn frame(&mut self, index: u32, to: &mut Yuv420) -> Result<(), RenderError> {
        match self {
            Self::Photo(photo) => photo.frame(index, to),
            Self::Clip(clip) => clip.frame(index, to),
        }
    }
}
