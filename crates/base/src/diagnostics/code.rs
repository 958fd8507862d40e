use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The stable name of a kind of diagnostic, such as `mmm::spec::unknown-key`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

/// A code, what it means and what to do about it, in Markdown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeEntry {
    pub code: Code,
    pub meaning: &'static str,
    pub remedy: &'static str,
}

impl Code {
    pub(super) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// Returns the code as it is printed and documented.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        super::all_codes()
            .iter()
            .map(|entry| entry.code)
            .find(|code| code.0 == text)
            .ok_or_else(|| serde::de::Error::custom("an unknown code"))
    }
}
