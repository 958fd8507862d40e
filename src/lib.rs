//! A compiler for movies: the command line and the page that shows a build.
//!
//! The crates that do the work are below crates/; docs/architecture.md says what each one does.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

pub mod chart;
pub mod cli;
pub mod serve;
