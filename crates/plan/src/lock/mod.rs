//! The lock beside a spec: what a movie was made from and which shots it has, as TOML that git
//! merges line by line. Text to value and back; knows no file. The ways in are [`Lock::read`] and
//! [`Lock::write_with_reasons`]. Two locks are compared by what they mean, with [`changes()`], never by their text.

mod changes;
mod diff;
mod locked_output;
mod read;
mod remarks;
#[cfg(test)]
mod tests;
mod whole;
mod write;

pub use changes::{LockCause, LockChange, MediumChange, ShotsChange, changes};
pub use diff::{ChangeKind, ShotChange, ShotPlace, diff};
pub use locked_output::LockedOutput;
pub use remarks::reasons_in;
pub use whole::{Lock, wishes};
