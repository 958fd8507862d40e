//! Which typeface draws which character: those in the program, and where they lack one, those in
//! folders of fonts.
//!
//! Knows what a face can draw, and nothing of sizes, places and pictures. Equal folders give equal
//! choices: files are looked at in the order of their paths, and every tie is broken. The ways in
//! are [`Shelf::look`] and [`choose_typefaces`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "fonts are files")]

mod built_in;
mod cluster;
mod repertoire;
mod script;
mod shelf;
#[cfg(test)]
mod tests;
mod typefaces;

pub use built_in::{BOLD, MEDIUM, built_in_has};
pub use cluster::{clusters, wants_colour};
pub use repertoire::Repertoire;
pub use script::debian_package;
pub use shelf::Shelf;
pub use typefaces::{choose_typefaces, lacking_clusters};
