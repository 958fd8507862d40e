//! Decides which moment stands on which beats: plain functions of spec and facts.
//!
//! Knows nothing of files and pixels, reads no clock, rolls no dice: equal inputs give equal plans.
//! The way in is [`plan`]; docs/planning.md tells how it decides.
//!
//! A plan passes through the files in this order: `wishes` reads the prompt, `cast` ranks the media
//! (with `chapters`, `twins` and `usable`), `length` and `soundtrack` fix how long the movie is and
//! what is heard, `grid` and `pace` say where cuts may stand and how thick, `arrange` sets media on
//! them (with `solve`, `keep`, `cuts`, `rounds`, `seats`, `scenes`, `choose`, `peaks`, `layout` and `lend`), and `compose` writes it
//! down (with `moment`, `transitions`, `framing`, `titles`, `story`, `reasons` and `outline`). `words` puts what it decided, and
//! why, into English.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod arrange;
mod by_hand;
mod cadence;
mod cast;
mod chapters;
mod choose;
mod compose;
mod cuts;
mod exposure;
mod framing;
mod grid;
mod halves;
mod keep;
mod layout;
mod lend;
mod length;
mod levels;
mod limits;
pub mod lock;
mod moment;
mod outline;
mod pace;
mod peaks;
mod reasons;
mod rounds;
mod scenes;
mod seats;
mod solve;
mod soundtrack;
mod story;
#[cfg(test)]
mod tests;
pub mod timeline;
mod titles;
mod transitions;
mod treatment;
mod twins;
mod usable;
mod voices;
mod wishes;
pub mod words;

pub use by_hand::by_hand;
pub use cadence::cadence;
pub use chapters::chapters;
pub use compose::plan;
