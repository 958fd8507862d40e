use mmm_base::Digest;
use mmm_facts::{SoundRecipe, Tool};

use crate::kind::{Declaration, Kind};

/// The encoded sound of a movie.
pub(crate) struct Sound;

impl Kind for Sound {
    type Fields = SoundRecipe;
    const DECLARATION: Declaration =
        Declaration { name: "sound", version: 8, step: "rendering", repeatable: true };

    fn inputs(recipe: &SoundRecipe) -> Vec<Digest> {
        recipe.cues.iter().map(|cue| cue.source).collect()
    }

    fn weight(recipe: &SoundRecipe) -> u64 {
        recipe.samples / 4800
    }

    fn tools(_: &SoundRecipe) -> Vec<Tool> {
        let mut tools = Tool::HEARING.to_vec();
        tools.push(Tool::Libavfilter);
        tools
    }
}
