//! Titles and captions over the picture: typeset, legible on any background, eased in and out.
//!
//! A text is typeset once per segment, in units of a movie of fixed size, so that a draft wraps its lines
//! like the final movie. How much the background is darkened depends on each frame alone, so it stays
//! continuous across two segments of one shot.

mod blend;
mod cases;
mod easing;
mod ink;
mod overlay;
mod page;
mod paragraph;
mod shade;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_directions;
mod title_safe;

pub(super) use overlay::Overlay;
