use mmm_base::Digest;
use mmm_facts::{PreviewRecipe, Tool};

use super::poster::picture_tools;
use super::segment::sources;
use crate::kind::{Declaration, Kind};

/// A preview loop beside the movie.
pub(crate) struct Preview;

impl Kind for Preview {
    type Fields = PreviewRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "preview", version: 5, step: "rendering", repeatable: true };

    fn inputs(recipe: &PreviewRecipe) -> Vec<Digest> {
        recipe.segments.iter().flat_map(sources).collect()
    }

    fn weight(recipe: &PreviewRecipe) -> u64 {
        recipe.segments.iter().map(|segment| u64::from(segment.frames)).sum::<u64>() / 2 + 20
    }

    fn tools(recipe: &PreviewRecipe) -> Vec<Tool> {
        let mut tools = picture_tools(recipe.format);
        tools.push(Tool::Libavfilter);
        tools
    }
}
