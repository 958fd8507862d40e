//! Decides which moment falls on which beats, with plain functions of spec and facts.
//!
//! This crate does not access files, pixels, the clock or random numbers: equal inputs give equal plans. The
//! entry point is [`plan`]; docs/planning.md explains how it decides.
//!
//! A plan passes through five modules, each of which uses only those before it. `dates` decides when each
//! medium was taken, `cast` which media can be in the movie, `music` what plays and where cuts may fall,
//! `solve` which medium appears where, and `write` which moment of it is shown, how, and why. `words` turns
//! the result into English, `timeline` into frames and samples, and `lock` into a file.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod cast;
mod dates;
pub mod lock;
mod music;
mod solve;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod words;
mod write;

pub use cast::{
    BetterKind, BetterMedium, ClipWindow, Judgement, best_versions, best_window, best_windows, capture_times,
    chapters, judge, phrase_fits, planned_times, query_texts, relevance, time_remarks,
};
pub use dates::{Recorded, best_time};
pub use music::{by_hand, cadence, can_repeat};
pub use solve::{Shortlist, is_large, shortlist};
pub use write::{FrameWish, Framed, FramedMedium, frame_medium, plan, wants_mask, with_masks};
