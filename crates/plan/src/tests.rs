//! Plausible media and music for the tests of this room, and what must hold of every plan.

mod again;
mod cases;
mod keeping;
mod laws;
mod speed;
