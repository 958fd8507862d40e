use std::collections::BTreeMap;

use mmm_base::Digest;

use crate::{Face, Weight};

/// The faces for characters that the built-in faces lack, for each text of a movie.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Typefaces {
    /// For each text and weight, the faces in the order in which they are tried.
    pub texts: BTreeMap<(Weight, String), Vec<Face>>,
    /// For each text, the clusters that no face draws.
    pub missing: BTreeMap<String, Vec<String>>,
    /// The names of all chosen faces, and the digests of their files.
    pub names: BTreeMap<String, Digest>,
}

impl Typefaces {
    /// Returns the faces that a text needs besides the built-in ones, in the order in which they are tried.
    pub fn faces(&self, weight: Weight, text: &str) -> Vec<Face> {
        self.texts.get(&(weight, text.to_owned())).cloned().unwrap_or_default()
    }

    /// Returns the clusters of a text that no face draws.
    pub fn missing(&self, text: &str) -> &[String] {
        self.missing.get(text).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether any text has a character that no face draws.
    pub fn lacks(&self) -> bool {
        !self.missing.is_empty()
    }
}
