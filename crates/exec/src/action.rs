use mmm_base::{Digest, Key, action_key};
use mmm_facts::{PosterRecipe, PreviewRecipe, SegmentRecipe, SoundRecipe, Tool, Tools};
use mmm_store::Bucket;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kind::{Declaration, Kind};
use super::kinds::{self, ClipSoundFields, MusicBeatsFields, MusicFormFields, PhotoFields};

/// Makes the enum of all actions, and hands every question about an action to its kind.
macro_rules! actions {
    ($($(#[$doc:meta])* $kind:ident($fields:ty)),* $(,)?) => {
        /// One costly step.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action {
            $($(#[$doc])* $kind($fields)),*
        }

        impl Action {
            /// What is declared of its kind.
            pub fn declaration(&self) -> Declaration {
                match self { $(Self::$kind(_) => <kinds::$kind as Kind>::DECLARATION),* }
            }

            /// About how much work it is: frames of a 1080p clip, roughly.
            pub fn weight(&self) -> u64 {
                match self { $(Self::$kind(fields) => kinds::$kind::weight(fields)),* }
            }

            /// Its part of a progress bar.
            pub fn frames(&self) -> u64 {
                match self { $(Self::$kind(fields) => kinds::$kind::frames(fields)),* }
            }

            /// The files that it reads, each once.
            pub fn inputs(&self) -> Vec<Digest> {
                let mut inputs = match self { $(Self::$kind(fields) => kinds::$kind::inputs(fields)),* };
                inputs.sort_unstable();
                inputs.dedup();
                inputs
            }

            /// The libraries that shape its answer.
            pub fn tools(&self) -> Vec<Tool> {
                match self { $(Self::$kind(fields) => kinds::$kind::tools(fields)),* }
            }

            /// What it has in common with actions that take about as long for equal weight.
            pub fn class(&self) -> String {
                let class = match self { $(Self::$kind(fields) => kinds::$kind::class(fields)),* };
                format!("{} {class}", self.declaration().name).trim_end().to_owned()
            }
        }
    };
}

actions! {
    /// The headers of a file.
    Probe(Digest),
    /// The facts of a photo.
    PhotoFacts(PhotoFields),
    /// What is seen in a clip.
    ClipPicture(Digest),
    /// What is heard in a clip.
    ClipSound(ClipSoundFields),
    /// Where the beats of a piece of music are.
    MusicBeats(MusicBeatsFields),
    /// How a piece of music is built and how it feels, on its beats.
    MusicForm(Box<MusicFormFields>),
    /// One encoded segment of the picture.
    Segment(Box<SegmentRecipe>),
    /// The encoded sound of a movie.
    Sound(Box<SoundRecipe>),
    /// The first frame of a segment, for a page.
    Still(Box<SegmentRecipe>),
    /// A still beside the movie.
    Poster(Box<PosterRecipe>),
    /// A loop beside the movie.
    Preview(Box<PreviewRecipe>),
}

impl Action {
    /// What is declared of the kinds that facts come from.
    pub fn analyses() -> [Declaration; 5] {
        [
            kinds::PhotoFacts::DECLARATION,
            kinds::ClipPicture::DECLARATION,
            kinds::ClipSound::DECLARATION,
            kinds::MusicBeats::DECLARATION,
            kinds::MusicForm::DECLARATION,
        ]
    }

    /// Where the cache keeps the answers of its kind.
    pub fn bucket(&self) -> Bucket {
        let Declaration { name, version, .. } = self.declaration();
        Bucket { kind: name, version }
    }

    /// The name of its answer: its kind, the version of that, its fields, and the tools that shape it.
    pub fn key(&self, tools: &Tools) -> Key {
        let Bucket { kind, version } = self.bucket();
        action_key(kind, version, &self.made_of(tools))
    }

    /// All that its key is made of, as JSON.
    pub fn made_of(&self, tools: &Tools) -> Value {
        json!({"action": self, "tools": tools.of(&self.tools())})
    }
}
