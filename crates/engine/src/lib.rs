//! Drives a build: files become salsa inputs, queries say what the movie needs, and a driver runs what is
//! missing and asks again.
//!
//! This is the only crate that uses salsa. No query does I/O: a query that needs an action's answer reads its
//! slot and returns the actions that are missing. The disk decides: if a memo refers to a missing blob, the
//! query runs again. The entry point is [`Workspace::open`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "the engine is where files meet queries")]

mod afar;
mod beside;
mod board_changes;
mod complain;
mod damage_warnings;
mod db;
mod deliver;
mod demand;
mod draw;
mod endings;
mod examine;
mod fact_actions;
mod fallback;
mod filters;
mod fingerprint;
mod first_queries;
mod fitting;
mod folder_identity;
mod forecast;
mod graph;
mod included;
mod journal;
mod keeping;
mod known_damage;
mod leaves;
mod lettering;
mod list_media;
mod listed;
mod live_photos;
mod lock_use;
mod locking;
mod loose_files;
mod loudness_warning;
mod masks;
mod material;
mod means;
mod measure;
mod music_warnings;
mod need;
mod no_effect;
mod on_disk;
mod overhead;
mod own_lock;
mod part_file;
mod partly_read;
mod pictures;
mod places;
mod progress;
mod queries;
mod recall_damage;
mod recipe_changes;
mod recorded;
mod report;
mod scan;
mod sidecar_warnings;
mod sidecars;
mod size_limit;
mod size_search;
mod small_file;
mod sound_tracks;
mod steps;
mod stop;
mod storyboard;
mod subtitles;
mod tally;
#[cfg(test)]
mod tests;
mod timings;
mod typefaces;
mod unmatched;
mod unusable_files;
#[cfg(test)]
mod upgrade_tests;
mod watch_session;
mod watcher;
mod what_changed;
mod why;
mod why_answer;
mod why_picture;
mod workspace;

pub use board_changes::BoardChanges;
pub use draw::{DrawnMoment, MomentFiles, MomentFrame, draw_moments};
pub use filters::FilteredOut;
pub use forecast::{Expected, Forecast};
pub use graph::{Graph, Node};
pub use keeping::Verified;
pub use list_media::{FoundMedia, list_media};
pub use lock_use::LockUse;
pub use locking::LockReport;
pub use loose_files::{LooseMedium, demand_facts};
pub use means::Means;
pub use measure::review_file;
pub use progress::{Progress, Silent};
pub use report::{BesideReport, OutputReport, Report, SizeReport, Step};
pub use sidecars::with_beside;
pub use size_search::{SizeFit, SizeSetting};
pub use stop::Stop;
pub use storyboard::{BoardShot, Storyboard};
pub use watch_session::{MadeTurn, Turn, WatchOptions, WatchSession};
pub use why_answer::{Change, Made, Why};
pub use workspace::Workspace;
