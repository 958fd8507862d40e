//! Lays an edit plan out in whole frames and samples, and says what has to be made for it.
//!
//! Plain functions of values: knows nothing of files, nor of how a frame is made. The way in is
//! [`lay_out()`]; its [`Timeline`] holds the shots for people and other editors, and the recipes for
//! `render`.

mod canvas;
mod clip_sound;
mod encoder;
mod export;
mod follow;
mod framing;
mod lay_out;
mod moves;
mod pan;
mod pieces;
mod recipe;
mod seen;
mod showpieces;
mod sound;
mod still;
#[allow(clippy::module_inception, reason = "one main type a file, and this room's is the timeline")]
mod timeline;
mod words;

pub use canvas::{Canvas, Profile};
pub use encoder::{Encoder, Encoders};
pub use export::export_json;
pub use lay_out::{Footage, lay_out};
pub use pan::Pan;
pub use recipe::{
    Blend, Duck, Fade, Framing, Move, PhotoView, Picture, PieceRecipe, PosterRecipe, PreviewRecipe, ShotView,
    SoundCodec, SoundCue, SoundRecipe, View, Window, Words, WordsPlace,
};
pub use seen::Extent;
pub use timeline::{ChapterMark, Piece, Shot, ShotTransition, Timeline};
