//! Tests of whole plans: cases, and the laws that every plan must follow.

mod again;
mod cases;
mod framing;
mod keeping;
mod laws;
mod live;
mod quality;
mod said;
mod shortlist;
mod speed;
mod versions;
mod ways;
