//! What costs time: the [`Action`]s, declared once, and what runs them.
//!
//! An action's answer depends on its kind, the version of that kind, and its fields, which name
//! their inputs by digest; so it can be cached, shared, explained, and made elsewhere. Knows
//! nothing of the movie, and nothing of how an action is performed: an [`Executor`] is handed in.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "actions take time, and that is measured")]

mod action;
mod answer;
mod error;
mod executor;
mod media_tools;
mod pool;

pub use action::Action;
pub use answer::Answer;
pub use error::{ExecError, MeasureError};
pub use executor::{Context, Executor};
pub use media_tools::{MediaTools, OpenBlob, Worker};
pub use pool::{Observer, Outcome, Pool, State};
