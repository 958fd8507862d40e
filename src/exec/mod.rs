//! Does what costs time: one [`Action`], from its spec and its inputs alone, here.
//!
//! An action's answer depends on its kind, the version of that kind, and its fields, which name
//! their inputs by digest; so it can be cached, shared, explained, and made elsewhere. Knows
//! nothing of the movie. The way in is [`perform()`]; [`Pool`] runs many at once.
#![expect(clippy::disallowed_methods, reason = "actions take time, and that is told")]

mod action;
mod answer;
mod error;
mod examine;
mod perform;
mod pool;
mod proxies;
mod viewing;

pub use action::Action;
pub use answer::Answer;
pub use error::ExecError;
pub use perform::perform;
pub use pool::{Observer, Outcome, Pool, State};

pub use crate::render::Sources;
