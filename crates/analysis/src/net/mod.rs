//! Neural nets: the weights that are built into the program, and the door through which they run.
//!
//! Knows nothing of sound: a net takes tensors and gives tensors. Everything about the runtime stays
//! in here. One run uses one thread, so that an action costs one core however many there are.

mod error;
mod run;
mod tensor;
#[cfg(test)]
mod tests;
mod weights;

pub use error::NetError;
pub use run::Net;
pub use tensor::Tensor;
