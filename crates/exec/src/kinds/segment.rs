use mmm_base::Digest;
use mmm_facts::{SegmentRecipe, Tool, View};

use crate::kind::{Declaration, Kind};

/// One encoded segment of the picture.
pub(crate) struct Segment;

impl Kind for Segment {
    type Fields = SegmentRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "segment", version: 15, step: "rendering", repeatable: true };

    fn inputs(recipe: &SegmentRecipe) -> Vec<Digest> {
        sources(recipe)
    }

    fn weight(recipe: &SegmentRecipe) -> u64 {
        match recipe.view {
            View::Shot(_) => u64::from(recipe.frames),
            View::Blend(..) => u64::from(recipe.frames) * 3 / 2,
        }
    }

    fn tools(recipe: &SegmentRecipe) -> Vec<Tool> {
        let mut tools = Tool::DECODING.to_vec();
        tools.extend(Tool::encoding(recipe.canvas.codec, recipe.canvas.encoder));
        tools
    }

    fn frames(recipe: &SegmentRecipe) -> u64 {
        u64::from(recipe.frames)
    }

    fn class(recipe: &SegmentRecipe) -> String {
        format!("{}x{}", recipe.canvas.width, recipe.canvas.height)
    }
}

/// Returns the media, the colour table and the fonts that a segment is rendered from.
pub(super) fn sources(recipe: &SegmentRecipe) -> Vec<Digest> {
    let faces = recipe.texts.iter().flat_map(|words| &words.faces).map(|face| face.source);
    faces.chain(recipe.view.shots().flat_map(|shot| [Some(shot.source), shot.cube]).flatten()).collect()
}
