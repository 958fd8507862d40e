//! Finds out what is in a medium: plain functions of decoded frames and samples to [`Facts`].
//!
//! Knows nothing of the movie being made.

mod facts;

pub use facts::{
    Beat, ClipFacts, EnergyCurve, Event, EventKind, Facts, Issue, Look, Moment, Mood, MotionLevel,
    MusicFacts, PhotoFacts, PictureHash, Section, SectionKind, SourceShot, Vibe,
};
