use mmm_base::{Digest, Key, action_key};
use mmm_facts::{PosterRecipe, PreviewRecipe, SegmentRecipe, SoundRecipe, Tool, Tools};
use mmm_store::Bucket;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kind::{Declaration, Kind};
use super::kinds::{
    self, ClipPictureFields, ClipSoundFields, MusicBeatsFields, MusicFormFields, PhotoFields,
    PictureEmbeddingFields, TextEmbeddingFields,
};

/// Generates the enum of all actions and forwards every question about an action to its kind.
macro_rules! actions {
    ($($(#[$doc:meta])* $kind:ident($fields:ty)),* $(,)?) => {
        /// One costly step.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action {
            $($(#[$doc])* $kind($fields)),*
        }

        impl Action {
            /// Returns the declaration of its kind.
            pub fn declaration(&self) -> Declaration {
                match self { $(Self::$kind(_) => <kinds::$kind as Kind>::DECLARATION),* }
            }

            /// Returns the approximate amount of work, in frames of a 1080p clip.
            pub fn weight(&self) -> u64 {
                match self { $(Self::$kind(fields) => kinds::$kind::weight(fields)),* }
            }

            /// Its share of a progress bar, in frames.
            pub fn frames(&self) -> u64 {
                match self { $(Self::$kind(fields) => kinds::$kind::frames(fields)),* }
            }

            /// Returns the files that it reads, each listed once.
            pub fn inputs(&self) -> Vec<Digest> {
                let mut inputs = match self { $(Self::$kind(fields) => kinds::$kind::inputs(fields)),* };
                inputs.sort_unstable();
                inputs.dedup();
                inputs
            }

            /// Returns the libraries that affect its answer.
            pub fn tools(&self) -> Vec<Tool> {
                match self { $(Self::$kind(fields) => kinds::$kind::tools(fields)),* }
            }

            /// Returns a label that is the same for actions that take about as long at the same weight.
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
    /// Where the subject of a photo is.
    PhotoMask(PhotoFields),
    /// What a user's own model makes of a photo.
    PictureEmbedding(PictureEmbeddingFields),
    /// What a user's own model makes of a text.
    TextEmbedding(TextEmbeddingFields),
    /// What a clip shows.
    ClipPicture(ClipPictureFields),
    /// The sound of a clip: how loud it is and what can be heard.
    ClipSound(ClipSoundFields),
    /// The beats of a piece of music.
    MusicBeats(MusicBeatsFields),
    /// The structure and the mood of a piece of music, based on its beats.
    MusicForm(Box<MusicFormFields>),
    /// One encoded segment of the picture.
    Segment(Box<SegmentRecipe>),
    /// The encoded sound of a movie.
    Sound(Box<SoundRecipe>),
    /// The first frame of a segment, for the preview page.
    Still(Box<SegmentRecipe>),
    /// A poster beside the movie.
    Poster(Box<PosterRecipe>),
    /// A preview loop beside the movie.
    Preview(Box<PreviewRecipe>),
}

impl Action {
    /// The version of the kind that renders segments, and so finds what is damaged in media.
    pub const SEGMENT_VERSION: u32 = kinds::Segment::DECLARATION.version;

    /// Returns the declarations of the kinds that produce facts for every movie.
    pub fn analyses() -> [Declaration; 6] {
        [
            kinds::PhotoFacts::DECLARATION,
            kinds::PhotoMask::DECLARATION,
            kinds::ClipPicture::DECLARATION,
            kinds::ClipSound::DECLARATION,
            kinds::MusicBeats::DECLARATION,
            kinds::MusicForm::DECLARATION,
        ]
    }

    /// Returns the cache bucket for the answers of its kind.
    pub fn bucket(&self) -> Bucket {
        let Declaration { name, version, .. } = self.declaration();
        Bucket { kind: name, version }
    }

    /// Returns the key of its answer: its kind, the version of the kind, its fields, and the tools that
    /// affect the answer.
    pub fn key(&self, tools: &Tools) -> Key {
        let Bucket { kind, version } = self.bucket();
        action_key(kind, version, &self.made_of(tools))
    }

    /// Returns everything that its key depends on, as JSON.
    pub fn made_of(&self, tools: &Tools) -> Value {
        json!({"action": self, "tools": tools.of(&self.tools())})
    }
}
