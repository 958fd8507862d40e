//! Performs actions: from an action's declaration and its inputs alone to its answer.
//!
//! Knows the media libraries, and nothing of specs, queries and commands. The way in is [`LocalWorker`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "inputs are files")]

mod examine;
mod local_worker;
mod perform;
mod proxies;
mod rgb_view;
mod viewing;

pub use local_worker::LocalWorker;
