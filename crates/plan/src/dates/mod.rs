//! Decides when each medium was taken: from what its file says, what lies beside it, its name, the spec, and
//! the other media.
//!
//! The entry points are [`resolve()`] and [`remarks()`]. This module knows nothing of chapters or shots.

mod camera_clocks;
mod reading;
mod recorded;
mod remarks;
mod resolve;
#[cfg(test)]
mod tests;

pub use reading::best_time;
pub use recorded::Recorded;
pub(crate) use remarks::{Roll, remarks};
pub(crate) use resolve::{MediaTimes, resolve};
