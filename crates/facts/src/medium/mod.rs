//! What is known about one medium: its headers, its content, its flaws.

mod embedding;
mod facts;
mod flaw;
mod geo_place;
mod lack;
mod mark;
mod media_error;
mod medium_time;
mod orientation;
mod phrase_fit;
mod picture_features;
mod probe;
mod said;
mod scene_colours;
mod sight;
mod subject_box;
mod subject_mask;
mod tracks;

pub use embedding::Embedding;
pub use facts::{
    Beat, ClipFacts, ClipPictureFacts, ClipSample, ClipSoundFacts, Course, EnergyCurve, Event, EventKind,
    Facts, Issue, Mood, MotionLevel, MusicBeatFacts, MusicFacts, MusicFormFacts, PhotoFacts, PictureHash,
    PictureQuality, Section, SectionKind, SoundKind, SoundStretch, SourceShot, StereoSide, TrackLevel, Vibe,
};
pub use flaw::Flaw;
pub use geo_place::GeoPlace;
pub use lack::Lack;
pub use mark::OUR_MARK;
pub use media_error::MediaError;
pub use medium_time::{MediumTime, TimeCertainty};
pub use orientation::Orientation;
pub use phrase_fit::PhraseFit;
pub use picture_features::PictureFeatures;
pub use probe::{Color, MediaKind, MotionPart, PictureStream, Probe};
pub use said::{Said, SaidPerson, SaidSource, Sourced, StoredPicture};
pub use scene_colours::SceneColours;
pub use sight::{ObjectKind, SeenFace, SeenObject, SeenTag, Sight, SightMoment, Tag};
pub use subject_box::{SubjectBox, SubjectMoment};
pub use subject_mask::SubjectMask;
pub use tracks::{Decodability, PictureTrack, SoundStream, SoundTrack, TrackTrouble};
