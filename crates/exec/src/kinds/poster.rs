use mmm_base::Digest;
use mmm_facts::{PosterRecipe, Tool};
use mmm_spec::PictureFormat;

use super::segment::sources;
use crate::kind::{Declaration, Kind};

/// A poster beside the movie.
pub(crate) struct Poster;

impl Kind for Poster {
    type Fields = PosterRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "poster", version: 5, step: "rendering", repeatable: true };

    fn inputs(recipe: &PosterRecipe) -> Vec<Digest> {
        sources(&recipe.segment)
    }

    fn weight(recipe: &PosterRecipe) -> u64 {
        u64::from(recipe.at) + 3
    }

    fn tools(recipe: &PosterRecipe) -> Vec<Tool> {
        picture_tools(recipe.format)
    }
}

/// Returns the libraries that render a picture in a format.
pub(super) fn picture_tools(format: PictureFormat) -> Vec<Tool> {
    let mut tools = Tool::DECODING.to_vec();
    if format == PictureFormat::Webp {
        tools.push(Tool::Libwebp);
    }
    tools
}
