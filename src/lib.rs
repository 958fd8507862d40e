//! A compiler for movies.
//!
//! A folder is a room with one job; docs/architecture.md shows the house. A movie passes through
//! `spec` → `media` → `analysis` → `plan` → `timeline` → `render` → `review`, driven by `engine`
//! over `store` and `exec`, started from `cli`, and shown by `serve`.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

pub mod analysis;
pub mod base;
pub mod chart;
pub mod cli;
pub mod diagnostics;
pub mod engine;
pub mod exec;
pub mod fonts;
pub mod lock;
pub mod media;
pub mod net;
pub mod plan;
pub mod render;
pub mod review;
pub mod serve;
pub mod spec;
pub mod store;
pub mod timeline;
