use serde::{Deserialize, Serialize};

use crate::Flaw;
use mmm_base::Digest;

/// Pictures that a clip should have had for a segment and did not: the last whole one stays instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lack {
    pub source: Digest,
    /// The whole stretch of the clip, of which the segment may show a part.
    pub flaw: Flaw,
    /// Frames of the segment that show another picture than they should.
    pub frames: u32,
}
