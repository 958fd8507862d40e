//! The lock beside a spec: the media and the shots of a movie, as TOML that git merges line by line. This
//! module converts between text and values and does not access files. The entry points are [`Lock::read`] and
//! [`Lock::write_with_reasons`]. Use [`changes()`] to compare what two locks mean; their texts may differ.

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
