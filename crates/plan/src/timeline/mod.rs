//! Lays an edit plan out in whole frames and samples, and says what has to be made for it.
//!
//! Plain functions of values: knows nothing of files, nor of how a frame is made. The way in is
//! [`lay_out()`]; its [`Timeline`](mmm_facts::Timeline) holds the shots for people and other editors, and the recipes for
//! `render`.

mod clip_sound;
mod export;
mod follow;
mod footage;
mod framing;
mod laid;
mod lay_out;
mod moves;
mod samples;
mod segments;
mod showpieces;
mod sound;
mod still;
mod texts;

pub use export::export_json;
pub use footage::Footage;
pub use lay_out::lay_out;
pub use showpieces::{poster, poster_frame, preview, preview_frames};
pub use still::still;
