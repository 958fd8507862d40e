use mmm_base::{Digest, Time};
use mmm_facts::{Models, Probe, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// What a user's own model makes of a photo, or of a picture of a clip.
pub(crate) struct PictureEmbedding;

/// A photo, whether the FFmpeg libraries decode it, or the time of a picture of a clip; and the user's own model
/// for pictures.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PictureEmbeddingFields {
    pub source: Digest,
    pub by_libav: bool,
    /// When the picture of a clip is shown; `None` for a photo.
    pub at: Option<Time>,
    pub models: Models,
}

impl PictureEmbeddingFields {
    /// Returns the fields for the photo with this content and these headers.
    pub fn of(source: Digest, probe: &Probe, models: Models) -> Self {
        let by_libav = super::PhotoFields::of(source, probe, Models::default()).by_libav;
        Self { source, by_libav, at: None, models }
    }

    /// Returns the fields for the picture that a clip shows at a time.
    pub fn of_clip(source: Digest, at: Time, models: Models) -> Self {
        Self { source, by_libav: true, at: Some(at), models }
    }
}

impl Kind for PictureEmbedding {
    type Fields = PictureEmbeddingFields;
    const DECLARATION: Declaration = Declaration {
        name: "picture-embedding",
        version: 2,
        step: "comparing with the prompt",
        repeatable: true,
    };

    fn inputs(fields: &PictureEmbeddingFields) -> Vec<Digest> {
        fields.models.files().chain([fields.source]).collect()
    }

    fn weight(_: &PictureEmbeddingFields) -> u64 {
        15
    }

    fn tools(fields: &PictureEmbeddingFields) -> Vec<Tool> {
        if fields.by_libav { Tool::DECODING.to_vec() } else { Vec::new() }
    }
}
