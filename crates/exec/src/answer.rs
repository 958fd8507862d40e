use serde::{Deserialize, Serialize};

use mmm_base::Digest;
use mmm_facts::Facts;
use mmm_facts::Lack;
use mmm_facts::{MediaError, Probe};

/// What an action gave.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Probe(Box<Probe>),
    Facts(Box<Facts>),
    /// A blob that an `EncodedReader` of `render` reads.
    Encoded(Digest),
    /// The same of a piece whose sources lack pictures for it.
    Lacking(Digest, Vec<Lack>),
    /// A blob that is a JPEG.
    Still(Digest),
    /// A blob that is a finished picture file.
    Picture(Digest),
    /// The medium's own bytes are to blame: the same bytes would give the same.
    Unreadable(MediaError),
}

impl Answer {
    /// The blobs that it speaks of.
    pub fn blobs(&self) -> Vec<Digest> {
        match self {
            Self::Encoded(blob) | Self::Lacking(blob, _) | Self::Still(blob) | Self::Picture(blob) => {
                vec![*blob]
            }
            Self::Probe(_) | Self::Facts(_) | Self::Unreadable(_) => Vec::new(),
        }
    }
}
