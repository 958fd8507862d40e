//! Tests of whole plans: cases, and the laws that every plan must follow.

mod again;
mod cases;
mod keeping;
mod laws;
mod quality;
mod said;
mod shortlist;
mod speed;
mod versions;
mod ways;
