//! The plain values that crates exchange: what is known about a medium, what was planned, what must be
//! rendered, and how the finished movie measures up.
//!
//! This crate holds only values and arithmetic on them: no files, no clock, no media libraries. A value
//! belongs here if two crates that must not depend on each other exchange it; the code that computes it stays
//! in its own crate.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod libraries;
mod medium;
mod models;
mod plan;
mod recipe;
mod review;
pub mod sample;
mod sources;
mod tools;
mod treatment;

pub use libraries::{CodecEntry, Libraries};
pub use medium::{
    Beat, ClipFacts, ClipPictureFacts, ClipSample, ClipSoundFacts, Color, Course, Decodability, Embedding,
    EnergyCurve, Event, EventKind, Facts, Flaw, GeoPlace, Issue, Lack, MediaError, MediaKind, MediumTime,
    Mood, MotionLevel, MotionPart, MusicBeatFacts, MusicFacts, MusicFormFacts, OUR_MARK, ObjectKind,
    Orientation, PhotoFacts, PhraseFit, PictureFeatures, PictureHash, PictureQuality, PictureStream,
    PictureTrack, Probe, Said, SaidPerson, SaidSource, SceneColours, Section, SectionKind, SeenFace,
    SeenObject, SeenTag, Sight, SightMoment, SoundKind, SoundStream, SoundStretch, SoundTrack, SourceShot,
    Sourced, StereoSide, StoredPicture, SubjectBox, SubjectMask, SubjectMoment, Tag, TimeCertainty,
    TrackLevel, TrackTrouble, Vibe,
};
pub use models::{BeatModel, ImageTextModel, Model, ModelInfo, ModelRole, ModelSet, Models, OwnModels};
pub use plan::{
    BarsCause, BetterTwin, Chapter, ChapterMark, ClipTrouble, Conflict, ConflictKind, CutPlace, EditPlan,
    FramingReason, GridNote, Kept, KeptCue, KeptShot, LeftOut, LeftOutCause, LiveUse, Material, Medium,
    MusicCue, MusicStep, MusicSync, Outline, Pacing, Passage, PhotoCrop, SAMPLE_RATE, Segment, Shortage,
    Shot, ShotFraming, ShotLengths, ShotMerits, ShotReason, ShotRole, ShotSound, ShotSource, ShotTransition,
    ShownInTurn, StoryBeat, StoryCounts, Strength, TimeRemark, Timeline, TimelineShot, TitleCue, TitleKind,
    Transition, VersionKind, WayOut, WhyLivePlays, WhyLiveStays, beat_spans, turn,
};
pub use recipe::{
    Blend, Canvas, Duck, Encoder, Encoders, Extent, Face, Fade, Finished, Framing, Move, MovieRecipe, Pan,
    PhotoView, PictureSource, PosterRecipe, PreviewRecipe, Profile, SegmentRecipe, ShotView, SoundCodec,
    SoundCue, SoundLevels, SoundRecipe, Subtitle, TextOverlay, TextPlace, Typefaces, View, Weight, Window,
};
pub use review::{Figure, FigurePlace, Limit, Measure, Review, Verdict, Wanted};
pub use sources::Sources;
pub use tools::{Tool, Tools};
pub use treatment::Treatment;
