//! Assigns media to the beats of the grid, as close to an earlier plan as the spec allows.
//!
//! The entry point is [`solve()`]. It decides which medium is shown from which beat to which, not which
//! moment of a clip.

mod arrange;
mod choose;
mod cuts;
mod grids;
mod keep;
mod layout;
mod lend;
mod others;
mod rounds;
mod scenes;
mod seats;
mod shortlist;
#[allow(clippy::module_inception, reason = "one main type a file, and this folder's is the solution")]
mod solve;
mod solved;
mod take;
mod ways;

pub use shortlist::{Shortlist, is_large, shortlist};
pub(crate) use solve::solve;
pub(crate) use solved::Solved;
pub(crate) use take::Take;
