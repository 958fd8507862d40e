//! The steps that cost time: the [`Action`]s, each declared once, and the runner that performs them.
//!
//! An action's answer depends on its kind, the version of that kind, and its fields, which refer to their
//! inputs by digest. So answers can be cached, shared, explained, and computed on another machine. This crate
//! knows nothing about movies or about how an action is performed: the caller provides an [`Executor`]. The
//! entry point is [`Runner::run`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "actions take time, and that is measured")]

mod action;
mod answer;
mod cache;
mod error;
mod executor;
mod kind;
mod kinds;
mod media_tools;
mod observer;
mod pool;
mod runner;
mod task;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use answer::Answer;
pub use cache::{Cache, Claim, KnownAnswer, Lookup, StoreCache};
pub use error::{ExecError, MeasureError};
pub use executor::{Context, Executor};
pub use kind::Declaration;
pub use kinds::{
    ClipPictureFields, ClipSoundFields, MusicBeatsFields, MusicFormFields, PhotoFields,
    PictureEmbeddingFields, TextEmbeddingFields,
};
pub use media_tools::{MediaTools, OpenBlob, Worker};
pub use observer::{Observer, State};
pub use pool::Pool;
pub use runner::{Outcome, Runner};
pub use task::Task;
