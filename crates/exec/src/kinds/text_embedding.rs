use mmm_base::Digest;
use mmm_facts::{Models, Tool};
use serde::{Deserialize, Serialize};

use crate::kind::{Declaration, Kind};

/// What a user's own model makes of a text.
pub(crate) struct TextEmbedding;

/// A text and the user's own model for texts, with its tokenizer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TextEmbeddingFields {
    pub text: String,
    pub models: Models,
}

impl Kind for TextEmbedding {
    type Fields = TextEmbeddingFields;
    const DECLARATION: Declaration = Declaration {
        name: "text-embedding",
        version: 1,
        step: "comparing with the prompt",
        repeatable: true,
    };

    fn inputs(fields: &TextEmbeddingFields) -> Vec<Digest> {
        fields.models.files().collect()
    }

    fn weight(_: &TextEmbeddingFields) -> u64 {
        5
    }

    fn tools(_: &TextEmbeddingFields) -> Vec<Tool> {
        Vec::new()
    }
}
