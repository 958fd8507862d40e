//! A compiler for movies.
//!
//! A folder is a room with one job; docs/architecture.md shows the house. A movie passes through
//! `spec` → `media` → `analysis` → `plan` → `timeline` → `render` → `review`, driven by `engine`
//! over `store` and `exec`, and started from `cli`.

pub mod analysis;
pub mod base;
pub mod diagnostics;
pub mod media;
pub mod plan;
pub mod spec;
