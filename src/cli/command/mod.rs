//! The commands, one per file.

pub(super) mod analyze;
pub(super) mod beats;
pub(super) mod build;
pub(super) mod cache;
pub(super) mod check;
pub(super) mod completions;
mod cut_frames;
pub(super) mod diff;
mod diff_page;
pub(super) mod doctor;
mod doctor_encoders;
pub(super) mod export;
pub(super) mod graph;
pub(super) mod init;
mod judgement;
mod music_chart;
pub(super) mod plan;
pub(super) use judgement::place_words;
pub(super) mod review;
pub(super) mod schema;
mod size;
pub(super) mod update;
pub(super) mod verify;
pub(super) mod watch;
mod watch_page;
pub(super) mod why;
