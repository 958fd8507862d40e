use mmm_base::Digest;
use mmm_facts::{Probe, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The facts of a photo.
pub(crate) struct PhotoFacts;

/// A photo and whether the FFmpeg libraries decode it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoFields {
    pub source: Digest,
    pub by_libav: bool,
}

impl PhotoFields {
    /// Returns the fields for the photo with this content and these headers.
    pub fn of(source: Digest, probe: &Probe) -> Self {
        Self { source, by_libav: matches!(probe.format.as_str(), "heic" | "avif" | "tiff" | "bmp") }
    }
}

impl Kind for PhotoFacts {
    type Fields = PhotoFields;
    const DECLARATION: Declaration =
        Declaration { name: "photo-facts", version: 5, step: "analysing", repeatable: true };

    fn inputs(fields: &PhotoFields) -> Vec<Digest> {
        vec![fields.source]
    }

    fn weight(_: &PhotoFields) -> u64 {
        3
    }

    fn tools(fields: &PhotoFields) -> Vec<Tool> {
        if fields.by_libav { Tool::DECODING.to_vec() } else { Vec::new() }
    }
}
