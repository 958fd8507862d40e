use std::collections::BTreeMap;

use mmm_base::Digest;

use crate::{Face, Weight};

/// The faces that draw what those in the program lack, for each text of a movie.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Typefaces {
    /// For each text in its weight, in the order in which they are asked for a character.
    pub texts: BTreeMap<(Weight, String), Vec<Face>>,
    /// What no face draws, for each text.
    pub missing: BTreeMap<String, Vec<String>>,
    /// The names of all chosen faces, with the contents of their files.
    pub names: BTreeMap<String, Digest>,
}

impl Typefaces {
    /// The faces that a text needs beside those in the program, in the order in which they are
    /// asked for a character.
    pub fn faces(&self, weight: Weight, text: &str) -> Vec<Face> {
        self.texts.get(&(weight, text.to_owned())).cloned().unwrap_or_default()
    }

    /// The clusters of a text that no face draws.
    pub fn missing(&self, text: &str) -> &[String] {
        self.missing.get(text).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether some character of some text is not drawn.
    pub fn lacks(&self) -> bool {
        !self.missing.is_empty()
    }
}
