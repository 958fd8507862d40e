use mmm_base::Digest;
use mmm_facts::{PieceRecipe, Tool};

use super::segment::sources;
use crate::kind::{Declaration, Kind};

/// The first frame of a segment, for a page.
pub(crate) struct Still;

impl Kind for Still {
    type Fields = PieceRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "still", version: 8, step: "drawing", repeatable: true };

    fn inputs(recipe: &PieceRecipe) -> Vec<Digest> {
        sources(recipe)
    }

    fn weight(_: &PieceRecipe) -> u64 {
        2
    }

    fn tools(_: &PieceRecipe) -> Vec<Tool> {
        Tool::DECODING.to_vec()
    }
}
