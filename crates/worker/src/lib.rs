//! Performs actions: computes an answer from an action's declaration and its inputs alone.
//!
//! This crate knows the media libraries, and nothing about specs, queries and commands. The entry point is
//! [`LocalWorker`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "inputs are files")]

mod examine;
mod examined;
mod local_worker;
mod looks;
mod own_models;
mod perform;
mod proxies;
mod rgb_view;
mod viewing;

pub use local_worker::LocalWorker;
