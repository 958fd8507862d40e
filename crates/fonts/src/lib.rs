//! Chooses which typeface draws which character: a built-in face, or one from a folder of fonts if the
//! built-in faces lack the character.
//!
//! This crate only decides which face can draw what; sizes, positions and pixels are handled elsewhere. Equal
//! folders give equal choices: files are read in the order of their paths, and every tie is broken. The entry
//! points are [`Shelf::look`] and [`choose_typefaces`].
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
