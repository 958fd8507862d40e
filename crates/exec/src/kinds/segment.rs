use mmm_base::Digest;
use mmm_facts::{PieceRecipe, Tool, View};

use crate::kind::{Declaration, Kind};

/// One encoded segment of the picture.
pub(crate) struct Segment;

impl Kind for Segment {
    type Fields = PieceRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "segment", version: 10, step: "rendering", repeatable: true };

    fn inputs(recipe: &PieceRecipe) -> Vec<Digest> {
        sources(recipe)
    }

    fn weight(recipe: &PieceRecipe) -> u64 {
        match recipe.view {
            View::Shot(_) => u64::from(recipe.frames),
            View::Blend(..) => u64::from(recipe.frames) * 3 / 2,
        }
    }

    fn tools(recipe: &PieceRecipe) -> Vec<Tool> {
        let mut tools = Tool::DECODING.to_vec();
        tools.extend(Tool::encoding(recipe.canvas.codec, recipe.canvas.encoder));
        tools
    }

    fn frames(recipe: &PieceRecipe) -> u64 {
        u64::from(recipe.frames)
    }

    fn class(recipe: &PieceRecipe) -> String {
        format!("{}x{}", recipe.canvas.width, recipe.canvas.height)
    }
}

/// The media, the table of colours and the fonts that a segment is made from.
pub(super) fn sources(recipe: &PieceRecipe) -> Vec<Digest> {
    let faces = recipe.words.iter().flat_map(|words| &words.faces).map(|face| face.source);
    let shots = match &recipe.view {
        View::Shot(shot) => vec![shot],
        View::Blend(_, before, after) => vec![before, after],
    };
    faces.chain(shots.into_iter().flat_map(|shot| [Some(shot.source), shot.cube]).flatten()).collect()
}
