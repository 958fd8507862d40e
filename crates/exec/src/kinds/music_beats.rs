use mmm_base::Digest;
use mmm_facts::{Models, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The beats of a piece of music.
pub(crate) struct MusicBeats;

/// A piece of music and the models that find its beats.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct MusicBeatsFields {
    pub source: Digest,
    /// The number of the sound track, counted from 1; `None` for the one that is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<u8>,
    pub models: Models,
}

impl Kind for MusicBeats {
    type Fields = MusicBeatsFields;
    const DECLARATION: Declaration =
        Declaration { name: "music-beats", version: 3, step: "analysing", repeatable: true };

    fn inputs(fields: &MusicBeatsFields) -> Vec<Digest> {
        fields.models.files().chain([fields.source]).collect()
    }

    fn weight(_: &MusicBeatsFields) -> u64 {
        100
    }

    fn tools(_: &MusicBeatsFields) -> Vec<Tool> {
        Tool::HEARING.to_vec()
    }
}
