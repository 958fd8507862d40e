//! Drives a build: files as they are now become salsa inputs, queries say what the movie needs,
//! and a driver does what is missing and asks again.
//!
//! The only room that knows salsa. No query does I/O: a query that needs an action's answer asks
//! for its slot, and returns what is missing. The disk is the truth: a memo that speaks of a blob
//! that is gone is asked again. The way in is [`Workspace::open`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "the engine is where files meet queries")]

mod board_changes;
mod complain;
mod db;
mod deliver;
mod demand;
mod draw;
mod fallback;
mod fingerprint;
mod forecast;
mod graph;
mod journal;
mod keeping;
mod lettering;
mod list_media;
mod locking;
mod loose_files;
mod means;
mod measure;
mod need;
mod part_file;
mod pictures;
mod progress;
mod queries;
mod report;
mod scan;
mod small_file;
mod sparing;
mod steps;
mod stop;
mod storyboard;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_tests;
mod watch_session;
mod watcher;
mod why;
mod why_picture;
mod workspace;

pub use board_changes::BoardChanges;
pub use draw::{DrawnMoment, draw_moments};
pub use forecast::{Expected, Forecast};
pub use graph::{Graph, Node};
pub use keeping::Verified;
pub use list_media::list_media;
pub use locking::{LockReport, LockUse};
pub use loose_files::demand_facts;
pub use means::Means;
pub use measure::review_file;
pub use progress::{Progress, Silent};
pub use report::{OutputReport, PictureReport, Report, Step};
pub use stop::Stop;
pub use storyboard::{BoardShot, Storyboard};
pub use watch_session::{MadeTurn, Turn, WatchOptions, WatchSession};
pub use why::{Change, Made, Why};
pub use workspace::Workspace;
