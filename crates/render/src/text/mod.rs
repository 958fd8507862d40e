//! Words over the picture: set, made legible over whatever is behind, eased in and out.
//!
//! A text is set once a segment and in the units of a movie of one size, so that a draft breaks its
//! lines where the final movie does. How dark the ground under it is made follows from each frame
//! by itself: two segments of one shot, whose frames go on from each other, go on in this too.

mod blend;
mod cases;
mod easing;
mod ink;
mod overlay;
mod page;
mod shade;
#[cfg(test)]
mod tests;
mod title_safe;

pub(super) use overlay::Overlay;
