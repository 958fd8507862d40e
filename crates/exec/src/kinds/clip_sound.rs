use mmm_base::Digest;
use mmm_facts::{Models, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The analysis of a clip's sound.
pub(crate) struct ClipSound;

/// A clip and the models that analyse its sound.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ClipSoundFields {
    pub source: Digest,
    /// The number of the sound track, counted from 1; `None` for the one that is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<u8>,
    pub models: Models,
}

impl Kind for ClipSound {
    type Fields = ClipSoundFields;
    const DECLARATION: Declaration =
        Declaration { name: "clip-sound", version: 2, step: "analysing", repeatable: true };

    fn inputs(fields: &ClipSoundFields) -> Vec<Digest> {
        fields.models.files().chain([fields.source]).collect()
    }

    fn weight(_: &ClipSoundFields) -> u64 {
        15
    }

    fn tools(_: &ClipSoundFields) -> Vec<Tool> {
        Tool::HEARING.to_vec()
    }
}
