//! Finds out what is in a medium: plain functions of decoded frames and samples to [`Facts`].
//!
//! Entry points: [`photo_facts`] for photos, [`ClipAnalyst`] with [`SoundMeter`] for clips and
//! [`MusicAnalyst`] for music; the analysts take frames and samples as they are decoded and keep
//! only curves. docs/facts.md defines every fact. Reads no file, and knows nothing of the movie
//! being made.

mod audio;
mod clip;
mod facts;
mod loudness;
mod picture;
mod rgb_view;
mod subject_box;

pub use audio::{BeatEar, MusicAnalyst};
pub use clip::{ClipAnalyst, SoundFacts, SoundMeter};
pub use facts::{
    Beat, ClipFacts, Course, EnergyCurve, Event, EventKind, Facts, Issue, Look, Moment, Mood, MotionLevel,
    MusicFacts, PhotoFacts, PictureHash, Section, SectionKind, SoundKind, SoundStretch, SourceShot, Vibe,
};
pub use picture::photo_facts;
pub use rgb_view::RgbView;
pub use subject_box::{SubjectBox, SubjectMoment};
