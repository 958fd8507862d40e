//! Collects and rates the media that can be in the movie: wishes from the prompt, chapters, versions of one
//! medium, near-duplicates, stretches of clips that can be shown, voices, and the limits of the spec.
//!
//! The entry point is [`Cast::gather`]. This module does not depend on music or on places in the movie.

mod candidate;
#[allow(clippy::module_inception, reason = "one main type a file, and this folder's is the cast")]
mod cast;
mod chapters;
mod copied_times;
mod judge;
mod likeness;
mod limits;
mod live;
mod main_faces;
mod opinion;
mod people;
mod phrase_fits;
mod place;
mod relevance;
mod standing;
mod twins;
mod usable;
mod versions;
mod voices;
mod windows;
mod wishes;

pub(crate) use candidate::{Candidate, Subject};
pub use cast::best_versions;
pub(crate) use cast::{Cast, Tier};
pub use chapters::{capture_times, chapters, planned_times, time_remarks};
pub use judge::{BetterKind, BetterMedium, Judgement, judge};
pub(crate) use likeness::better_copy;
pub(crate) use limits::Limits;
pub use phrase_fits::{phrase_fits, query_texts};
pub use relevance::relevance;
pub(crate) use twins::{Likeness, Twin};
pub(crate) use usable::Run;
pub(crate) use versions::{Tie, Version};
pub(crate) use voices::{voices_in, worth_hearing};
pub(crate) use windows::Windows;
pub use windows::{ClipWindow, best_window, best_windows};
pub(crate) use wishes::Wishes;
