//! Turns a solved movie into an edit plan: the moment of each clip, transitions, framing, treatment, titles,
//! and reasons.
//!
//! The entry point is [`compose::plan`].

mod compose;
mod crop;
mod exposure;
mod framing;
mod masking;
mod moment;
mod outline;
mod photo_framing;
mod placing;
mod reasons;
mod story;
mod titles;
mod transitions;
mod treatment;
mod whom;

pub use compose::plan;
pub use framing::{FrameWish, FramedMedium, frame_medium};
pub use masking::{wants_mask, with_masks};
pub use photo_framing::Framed;
