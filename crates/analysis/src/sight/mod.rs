//! What models see in a picture: faces with their expressions, objects, tags, and features by which pictures
//! are compared; and where the subject of a picture is. The entry points are [`see()`] and [`subject_mask`].
//!
//! No identities are computed: nothing here tells one person from another.

mod expressions;
mod faces;
mod features;
mod inputs;
mod mask;
mod objects;
mod overlap;
mod own;
mod see;
mod tags;
#[cfg(test)]
mod tests;

pub use mask::subject_mask;
pub use own::{ImageTower, TextTower};
pub use see::see;
