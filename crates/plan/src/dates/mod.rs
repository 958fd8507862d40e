//! Decides when each medium was taken: from what its file says, what lies beside it, its name, the spec, and
//! the other media.
//!
//! The entry points are [`resolve()`] and [`remarks()`]. This module knows nothing of chapters or shots.

mod camera_clocks;
mod file_name;
mod reading;
mod recorded;
mod remarks;
mod resolve;
mod siblings;
#[cfg(test)]
mod tests;

pub(crate) use file_name::{FileName, LONGEST_PAIR, Mark, PROXY_LENGTHS};
pub use reading::best_time;
pub use recorded::Recorded;
pub(crate) use remarks::{Roll, remarks};
pub(crate) use resolve::{MediaTimes, resolve};
pub(crate) use siblings::{is_exact, is_set, says_more};
