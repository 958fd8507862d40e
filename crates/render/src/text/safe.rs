use super::ink::Ink;
use mmm_facts::Canvas;

/// The part of the width and of the height that every screen shows titles in: the safe title area
/// of SMPTE ST 2046-1.
pub(super) const TITLE_SAFE: f32 = 0.9;

/// Whether all of `ink` is inside the safe title area.
pub(super) fn holds(ink: &Ink, canvas: Canvas) -> bool {
    let inside = |start: usize, length: usize, whole: u32| {
        let margin = whole as f32 * (1.0 - TITLE_SAFE) / 2.0;
        // The corners of ink are even, so that a pixel of it may be empty.
        start as f32 + 1.0 >= margin && (start + length) as f32 - 1.0 <= whole as f32 - margin
    };
    inside(ink.x, ink.width, canvas.width) && inside(ink.y, ink.height, canvas.height)
}
