//! Writes a solved movie down: the moment of each clip, transitions, framing, treatment, titles, and why.
//!
//! The way in is [`compose::plan`].

mod compose;
mod exposure;
mod framing;
mod moment;
mod outline;
mod reasons;
mod story;
mod titles;
mod transitions;
mod treatment;

pub use compose::plan;
