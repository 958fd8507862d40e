use mmm_base::Digest;
use mmm_facts::Tool;

use crate::kind::{Declaration, Kind};

/// The headers of a file.
pub(crate) struct Probe;

impl Kind for Probe {
    type Fields = Digest;
    const DECLARATION: Declaration =
        Declaration { name: "probe", version: 10, step: "reading", repeatable: true };

    fn inputs(source: &Digest) -> Vec<Digest> {
        vec![*source]
    }

    fn weight(_: &Digest) -> u64 {
        1
    }

    fn tools(_: &Digest) -> Vec<Tool> {
        vec![Tool::Libavformat, Tool::Libavcodec]
    }
}
