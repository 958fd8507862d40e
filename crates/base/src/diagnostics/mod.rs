//! Diagnostics: what is wrong, where, and what to do (codes, messages, labels, hints).
//!
//! This is the only module that uses miette. Other crates build a [`Diagnostic`]; `cli` shows it to people
//! with [`render()`] and to programs with [`to_json`].

mod code;
mod codes;
mod diagnostic;
mod io_words;
mod json;
mod render;
mod source;
#[cfg(test)]
mod tests;
mod unwritable;

pub use code::{Code, CodeEntry};
pub use codes::all_codes;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use io_words::io_words;
pub use json::to_json;
pub use render::render;
pub use unwritable::{is_disk_full, unwritable};
