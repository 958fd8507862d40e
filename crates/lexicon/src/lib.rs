//! Compares words with what is known of a picture: reads a prompt or a query, and says how well each picture
//! fits and why.
//!
//! Nothing here opens a file or runs a model. The words of a query meet the tags and objects that models saw
//! before, and the names, keywords and captions that people gave, in three ways: by their stems, by a table
//! of kinds (“dog” has 118 breeds), and by meaning, with vectors of words that are built in. A picture's own
//! meaning is the mean of its tags' meanings, weighted by their probabilities: ConSE, Norouzi et al.,
//! “Zero-Shot Learning by Convex Combination of Semantic Embeddings”, 2014. Equal inputs give equal answers.
//!
//! The entry points are [`Query::read`] and [`Query::relevance`].

mod clause_reader;
mod clues;
mod image_class;
#[cfg(test)]
mod judged_tests;
mod kinds;
mod matched_by;
mod meaning;
mod named;
mod notion;
mod picture;
mod query;
mod relevance;
mod stem;
#[cfg(test)]
mod tests;
mod thing;
mod vocabulary;
mod wish;
mod word_pieces;
mod word_table;

pub use clues::{Atmosphere, Clues, Sighting};
pub use image_class::ImageClass;
pub use matched_by::{Match, MatchedBy};
pub use meaning::Meaning;
pub use query::Query;
pub use relevance::Relevance;
pub use thing::Thing;
pub use wish::{Stance, Wish};
