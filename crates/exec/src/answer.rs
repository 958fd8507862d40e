use mmm_base::Digest;
use mmm_facts::{
    ClipPictureFacts, ClipSoundFacts, Embedding, Lack, MediaError, MusicBeatFacts, MusicFormFacts,
    PhotoFacts, Probe, SoundLevels, SubjectMask,
};
use serde::{Deserialize, Serialize};

/// The result of an action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Probe(Box<Probe>),
    PhotoFacts(Box<PhotoFacts>),
    PhotoMask(SubjectMask),
    Embedding(Embedding),
    ClipPicture(Box<ClipPictureFacts>),
    ClipSound(Box<ClipSoundFacts>),
    MusicBeats(Box<MusicBeatFacts>),
    MusicForm(Box<MusicFormFacts>),
    /// A blob that an `EncodedReader` of `render` reads.
    Encoded(Digest),
    /// The same, for a segment that shows damaged frames of its sources.
    Lacking(Digest, Vec<Lack>),
    /// The same, for the sound of a movie, with what is heard of it.
    Sound(Digest, SoundLevels),
    /// A blob that is a JPEG.
    Still(Digest),
    /// A blob that is a finished picture file.
    Picture(Digest),
    /// The medium's content is damaged or unsupported: the same bytes would fail again.
    Unreadable(MediaError),
    /// A segment or the sound can't be rendered because this medium can't be decoded: the same bytes would
    /// fail again.
    SourceUnreadable(Digest, MediaError),
}

impl Answer {
    /// Returns the blobs that it refers to.
    pub fn blobs(&self) -> Vec<Digest> {
        match self {
            Self::Encoded(blob)
            | Self::Lacking(blob, _)
            | Self::Sound(blob, _)
            | Self::Still(blob)
            | Self::Picture(blob) => vec![*blob],
            _ => Vec::new(),
        }
    }
}
