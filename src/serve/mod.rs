//! A page on loopback that shows a movie while it is being worked on, and reloads by itself.
//!
//! Takes plain values to show and files to hand out, and nothing else: it knows neither the engine
//! nor how a movie is made. The way in is [`Page::open`].

mod page;
mod routes;
mod showing;

pub use page::Page;
pub use showing::{Doing, Phase, Showing, ShownMovie, ShownShot};
