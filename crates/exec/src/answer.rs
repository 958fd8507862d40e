use mmm_base::Digest;
use mmm_facts::{
    ClipPictureFacts, ClipSoundFacts, Lack, MediaError, MusicBeatFacts, MusicFormFacts, PhotoFacts, Probe,
};
use serde::{Deserialize, Serialize};

/// What an action gave.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Probe(Box<Probe>),
    PhotoFacts(Box<PhotoFacts>),
    ClipPicture(Box<ClipPictureFacts>),
    ClipSound(Box<ClipSoundFacts>),
    MusicBeats(Box<MusicBeatFacts>),
    MusicForm(Box<MusicFormFacts>),
    /// A blob that an `EncodedReader` of `render` reads.
    Encoded(Digest),
    /// The same of a segment whose sources lack pictures for it.
    Lacking(Digest, Vec<Lack>),
    /// A blob that is a JPEG.
    Still(Digest),
    /// A blob that is a finished picture file.
    Picture(Digest),
    /// The medium's own bytes are to blame: the same bytes would give the same.
    Unreadable(MediaError),
}

impl Answer {
    /// The blobs that it names.
    pub fn blobs(&self) -> Vec<Digest> {
        match self {
            Self::Encoded(blob) | Self::Lacking(blob, _) | Self::Still(blob) | Self::Picture(blob) => {
                vec![*blob]
            }
            _ => Vec::new(),
        }
    }
}
