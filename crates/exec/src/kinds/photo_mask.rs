use mmm_base::Digest;
use mmm_facts::Tool;

use super::photo_facts::PhotoFields;
use crate::kind::{Declaration, Kind};

/// Where a model sees the subject of a photo.
pub(crate) struct PhotoMask;

impl Kind for PhotoMask {
    type Fields = PhotoFields;
    const DECLARATION: Declaration =
        Declaration { name: "photo-mask", version: 2, step: "framing", repeatable: true };

    fn inputs(fields: &PhotoFields) -> Vec<Digest> {
        vec![fields.source]
    }

    fn weight(_: &PhotoFields) -> u64 {
        50
    }

    fn tools(fields: &PhotoFields) -> Vec<Tool> {
        if fields.by_libav { Tool::DECODING.to_vec() } else { Vec::new() }
    }
}
