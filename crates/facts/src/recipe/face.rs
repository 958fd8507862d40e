use serde::{Deserialize, Serialize};

use mmm_base::Digest;

/// A face of a font file, identified by the content of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Face {
    pub source: Digest,
    /// Counted from 0; a font collection contains several faces.
    pub index: u32,
}

/// The weight of letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    Medium,
    Bold,
}

impl Weight {
    /// Returns the OpenType weight (`usWeightClass`), 1 to 1000.
    pub fn class(self) -> u16 {
        match self {
            Self::Medium => 500,
            Self::Bold => 700,
        }
    }
}
