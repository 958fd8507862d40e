use mmm_base::Digest;
use mmm_facts::{Models, Probe, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// The facts of a photo.
pub(crate) struct PhotoFacts;

/// A photo, whether the FFmpeg libraries decode it, and the models that look at it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoFields {
    pub source: Digest,
    pub by_libav: bool,
    #[serde(default, skip_serializing_if = "Models::is_empty")]
    pub models: Models,
}

impl PhotoFields {
    /// Returns the fields for the photo with this content and these headers.
    pub fn of(source: Digest, probe: &Probe, models: Models) -> Self {
        Self { source, by_libav: matches!(probe.format.as_str(), "heic" | "avif" | "tiff" | "bmp"), models }
    }
}

impl Kind for PhotoFacts {
    type Fields = PhotoFields;
    const DECLARATION: Declaration =
        Declaration { name: "photo-facts", version: 8, step: "analysing", repeatable: true };

    fn inputs(fields: &PhotoFields) -> Vec<Digest> {
        vec![fields.source]
    }

    fn weight(fields: &PhotoFields) -> u64 {
        if fields.models.is_empty() { 3 } else { 15 }
    }

    fn class(fields: &PhotoFields) -> String {
        String::from(if fields.models.is_empty() { "" } else { "with models" })
    }

    fn tools(fields: &PhotoFields) -> Vec<Tool> {
        if fields.by_libav { Tool::DECODING.to_vec() } else { Vec::new() }
    }
}
