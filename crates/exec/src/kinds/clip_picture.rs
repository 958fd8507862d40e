use mmm_base::Digest;
use mmm_facts::{Models, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The analysis of a clip's picture.
pub(crate) struct ClipPicture;

/// A clip and the models that look at its picture.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ClipPictureFields {
    pub source: Digest,
    #[serde(default, skip_serializing_if = "Models::is_empty")]
    pub models: Models,
}

impl Kind for ClipPicture {
    type Fields = ClipPictureFields;
    const DECLARATION: Declaration =
        Declaration { name: "clip-picture", version: 5, step: "analysing", repeatable: true };

    fn inputs(fields: &ClipPictureFields) -> Vec<Digest> {
        fields.models.files().chain([fields.source]).collect()
    }

    fn weight(fields: &ClipPictureFields) -> u64 {
        if fields.models.is_empty() { 45 } else { 75 }
    }

    fn class(fields: &ClipPictureFields) -> String {
        String::from(if fields.models.is_empty() { "" } else { "with models" })
    }

    fn tools(_: &ClipPictureFields) -> Vec<Tool> {
        Tool::DECODING.to_vec()
    }
}
