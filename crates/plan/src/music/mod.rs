//! Decides what plays, how long the movie is, and where cuts may fall: the soundtrack, the grid of beats, the
//! density of cuts, beats corrected by hand, the frame rate, and levels.
//!
//! Length and cuts depend on the media only through their limits and the length that all of them allow.

mod by_hand;
mod cadence;
mod energy;
mod grid;
pub(crate) mod length;
pub(crate) mod levels;
mod pace;
pub(crate) mod peaks;
mod pulse;
pub(crate) mod soundtrack;
mod turn;
mod window;

pub use by_hand::by_hand;
pub use cadence::cadence;
pub(crate) use grid::{Grid, Step};
pub(crate) use length::Extent;
pub(crate) use pace::Pace;
pub(crate) use peaks::Peak;
#[cfg(test)]
pub(crate) use soundtrack::Cue;
pub use soundtrack::can_repeat;
