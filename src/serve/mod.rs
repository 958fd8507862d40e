//! A local web page that shows a movie while someone works on it, and reloads by itself.
//!
//! It receives values to show and files to serve, and knows nothing about the engine or how a movie is built.
//! The entry point is [`Page::open`].

mod page;
mod routes;
mod showing;

pub use page::Page;
pub use showing::{Doing, Phase, Showing, ShownMovie, ShownShot};
