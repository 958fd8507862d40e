use mmm_base::Digest;
use mmm_facts::{SegmentRecipe, Tool};

use super::segment::sources;
use crate::kind::{Declaration, Kind};

/// The first frame of a segment, for the preview page.
pub(crate) struct Still;

impl Kind for Still {
    type Fields = SegmentRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "still", version: 11, step: "drawing", repeatable: true };

    fn inputs(recipe: &SegmentRecipe) -> Vec<Digest> {
        sources(recipe)
    }

    fn weight(_: &SegmentRecipe) -> u64 {
        2
    }

    fn tools(_: &SegmentRecipe) -> Vec<Tool> {
        Tool::DECODING.to_vec()
    }
}
