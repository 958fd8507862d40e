use mmm_base::Digest;
use mmm_facts::{Beat, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The structure and the mood of a piece of music.
pub(crate) struct MusicForm;

/// A piece of music and its beats; its form is counted in bars.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct MusicFormFields {
    pub source: Digest,
    /// The number of the sound track, counted from 1; `None` for the one that is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<u8>,
    pub beats: Vec<Beat>,
}

impl Kind for MusicForm {
    type Fields = MusicFormFields;
    const DECLARATION: Declaration =
        Declaration { name: "music-form", version: 2, step: "analysing", repeatable: true };

    fn inputs(fields: &MusicFormFields) -> Vec<Digest> {
        vec![fields.source]
    }

    fn weight(_: &MusicFormFields) -> u64 {
        20
    }

    fn tools(_: &MusicFormFields) -> Vec<Tool> {
        Tool::HEARING.to_vec()
    }
}
