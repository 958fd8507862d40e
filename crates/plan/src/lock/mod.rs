//! The lock beside a spec: what a movie was made from and which shots it has, as TOML that git
//! merges line by line. Text to value and back; knows no file. The ways in are [`Lock::read`] and
//! [`Lock::write`].

mod diff;
mod locked_output;
mod read;
#[cfg(test)]
mod tests;
mod whole;
mod write;

pub use diff::{ChangeKind, ShotChange, ShotPlace, diff};
pub use locked_output::{LockedCue, LockedOutput, LockedShot};
pub use whole::{Lock, wishes};
