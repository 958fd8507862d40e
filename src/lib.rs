//! A compiler for movies: the command line and the page that shows a build.
//!
//! The rooms that do the work are crates of their own, below crates/; docs/architecture.md says what belongs where.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

pub mod chart;
pub mod cli;
pub mod serve;
