//! Turns a solved movie into an edit plan: the moment of each clip, transitions, framing, treatment, titles,
//! and reasons.
//!
//! The entry point is [`compose::plan`].

mod compose;
mod crop;
mod exposure;
mod framing;
mod moment;
mod outline;
mod reasons;
mod story;
mod titles;
mod transitions;
mod treatment;
mod whom;

pub use compose::plan;
pub use framing::frame_medium;
