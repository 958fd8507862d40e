use std::fmt;

use serde::{Deserialize, Serialize};

/// A stable name of a kind of complaint, as `mmm::spec::unknown-key`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

macro_rules! codes {
    ($($name:ident = $text:literal, $meaning:literal;)*) => {
        impl Code {
            $(#[doc = $meaning] pub const $name: Self = Self($text);)*
        }
        /// Every code with what it means, in order: the source of docs/codes.md.
        pub const ALL: &[(Code, &str)] = &[$((Code($text), $meaning)),*];
    };
}

codes! {
    UNKNOWN_KEY = "mmm::spec::unknown-key", "A key that the language does not have.";
    WRONG_TYPE = "mmm::spec::wrong-type", "A value of another kind than the key takes.";
}

/// Every code with what it means, in order.
pub fn all_codes() -> &'static [(Code, &'static str)] {
    ALL
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        ALL.iter()
            .find(|(code, _)| code.0 == text)
            .map(|(code, _)| *code)
            .ok_or_else(|| serde::de::Error::custom("an unknown code"))
    }
}
