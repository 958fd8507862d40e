//! Measures a finished file, as someone would who did not make it.
//!
//! Decodes the file with libav and knows nothing of how to mend it. What was wanted (timeline, plan and
//! material) says what the figures are held against; without it, only those are measured that need none.
//! The ways in are [`review()`] for a whole movie and [`inspect()`] with [`streams()`] for what can be told
//! without decoding it. docs/review.md defines every figure.
#![expect(clippy::disallowed_methods, reason = "a finished movie is a file")]

mod black;
mod change;
mod choice;
mod clicks;
mod cuts;
mod flashes;
mod flicker;
mod focus;
mod glimpse;
mod heard;
mod inspect;
mod joins;
mod pace;
#[allow(clippy::module_inception, reason = "one main type a file, and this room's is the review")]
mod review;
mod run;
mod seen;
mod smooth;
mod stillness;
mod streams;
mod subject;
#[cfg(test)]
mod tests;
mod view_of;
mod voices;

pub use inspect::{FinishedFile, InspectError, inspect, is_ours};
pub use review::review;
pub use streams::streams;
