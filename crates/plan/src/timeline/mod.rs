//! Lays out an edit plan in whole frames and samples, and derives the recipes to render.
//!
//! This module has plain functions of values: it does not access files or render frames. The entry point is
//! [`lay_out()`]. Its [`Timeline`](mmm_facts::Timeline) contains the shots, for people and other editors, and
//! the recipes for `render`.

mod clip_sound;
mod export;
mod follow;
mod footage;
mod framing;
mod laid;
mod lay_out;
mod moment;
mod moves;
mod samples;
mod segments;
mod showpieces;
mod sound;
mod still;
mod subtitles;
mod texts;

pub use export::export_json;
pub use footage::Footage;
pub use lay_out::lay_out;
pub use moment::moment;
pub use showpieces::{poster, poster_frame, preview, preview_frames};
pub use still::still;
pub use subtitles::{is_our_subtitle_file, subtitle_file};
