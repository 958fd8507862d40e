use mmm_base::Digest;
use mmm_facts::{Beat, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// How a piece of music is built and how it feels.
pub(crate) struct MusicForm;

/// A piece of music, and its beats: bars are what its form is counted in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct MusicFormFields {
    pub source: Digest,
    pub beats: Vec<Beat>,
}

impl Kind for MusicForm {
    type Fields = MusicFormFields;
    const DECLARATION: Declaration =
        Declaration { name: "music-form", version: 1, step: "analysing", repeatable: true };

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
