use serde::{Deserialize, Serialize};

use mmm_base::Digest;

/// A face of a font file, by the file's content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Face {
    pub source: Digest,
    /// Counted from 0; a collection holds several.
    pub index: u32,
}

/// How heavy letters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    Medium,
    Bold,
}

impl Weight {
    /// The weight in the numbers of OpenType (`usWeightClass`), 1 to 1000.
    pub fn class(self) -> u16 {
        match self {
            Self::Medium => 500,
            Self::Bold => 700,
        }
    }
}
