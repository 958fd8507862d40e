use mmm_base::Digest;
use mmm_facts::Tool;

use crate::kind::{Declaration, Kind};

/// The analysis of a clip's picture.
pub(crate) struct ClipPicture;

impl Kind for ClipPicture {
    type Fields = Digest;
    const DECLARATION: Declaration =
        Declaration { name: "clip-picture", version: 3, step: "analysing", repeatable: true };

    fn inputs(source: &Digest) -> Vec<Digest> {
        vec![*source]
    }

    fn weight(_: &Digest) -> u64 {
        45
    }

    fn tools(_: &Digest) -> Vec<Tool> {
        Tool::DECODING.to_vec()
    }
}
