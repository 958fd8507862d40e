//! Recipes: everything that affects the bytes of a segment, of the sound, of a picture, or of a movie.

mod canvas;
mod encoder;
mod extent;
mod face;
mod movie;
mod pan;
mod rate_factor;
#[allow(clippy::module_inception, reason = "one main type a file, and this folder's are recipes")]
mod recipe;
mod typefaces;

pub use canvas::{Canvas, Profile};
pub use encoder::{Encoder, Encoders};
pub use extent::Extent;
pub use face::{Face, Weight};
pub use movie::{Finished, MovieRecipe, Subtitle};
pub use pan::Pan;
pub use recipe::{
    Blend, Duck, Fade, Framing, Move, PhotoView, PictureSource, PosterRecipe, PreviewRecipe, SegmentRecipe,
    ShotView, SoundCodec, SoundCue, SoundLevels, SoundRecipe, TextOverlay, TextPlace, View, Window,
};
pub use typefaces::Typefaces;
