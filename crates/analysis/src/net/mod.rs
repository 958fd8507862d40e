//! Neural networks: the built-in weights and the interface that runs them.
//!
//! This module knows nothing about sound: a model takes and returns tensors. Everything about the runtime
//! stays in here. A run uses one thread, so that an action costs one core, however many there are.

mod error;
mod port;
mod run;
mod tensor;
#[cfg(test)]
mod tests;
mod weights;

pub use error::ModelError;
pub use port::Port;
pub use run::Net;
pub use tensor::{Tensor, WholeTensor};
