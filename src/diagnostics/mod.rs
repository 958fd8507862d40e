//! What is wrong, where, and what to do: codes, messages, labels, hints.
//!
//! The only room that knows miette. Rooms above make a [`Diagnostic`]; `cli` renders it here.

mod code;
mod diagnostic;
mod render;

pub use code::{Code, all_codes};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use render::{render, render_json};
