//! Measures a finished file as an independent observer would.
//!
//! This module decodes the file with libav and never repairs it. The reference (timeline, plan and material)
//! provides the limits for the figures; without it, only figures that need none are measured. The entry
//! points are [`review()`] for a whole movie, and [`inspect()`] with [`streams()`] for what can be measured
//! without decoding. docs/review.md defines every figure.
#![expect(clippy::disallowed_methods, reason = "a finished movie is a file")]

mod bars;
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
