//! Measures a finished file, as someone would who did not make it.
//!
//! Reads the file alone, with libav, and knows nothing of how to mend it. The way in is
//! [`inspect()`]; [`shortcomings()`] holds what was found against what was wanted.
#![expect(clippy::disallowed_methods, reason = "a finished movie is a file")]

mod inspect;
mod shortcomings;

pub use inspect::{FinishedFile, InspectError, inspect, is_ours};
pub use shortcomings::{Wanted, shortcomings};
