//! What models see in a picture: faces with their expressions, objects, tags, and features by which pictures
//! are compared. The entry point is [`see()`].
//!
//! No identities are computed: nothing here tells one person from another.

mod expressions;
mod faces;
mod features;
mod inputs;
mod objects;
mod overlap;
mod own;
mod see;
mod tags;
#[cfg(test)]
mod tests;

pub use own::{ImageTower, TextTower};
pub use see::see;
