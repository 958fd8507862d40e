//! The figures of a finished movie, and the limits they are compared with.

mod figure;
#[allow(clippy::module_inception, reason = "one main type a file, and this folder's is the review")]
mod review;
mod wanted;

pub use figure::{Figure, FigurePlace, Limit, Measure, Verdict};
pub use review::Review;
pub use wanted::Wanted;
