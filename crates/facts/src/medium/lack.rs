use serde::{Deserialize, Serialize};

use crate::Flaw;
use mmm_base::Digest;

/// Frames that a clip could not provide for a segment. The segment holds the last intact frame instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lack {
    pub source: Digest,
    /// The whole damaged stretch of the clip, of which the segment may show only a part.
    pub flaw: Flaw,
    /// Frames of the segment that show a held picture instead of their own.
    pub frames: u32,
}
