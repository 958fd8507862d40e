use serde::{Deserialize, Serialize};

use mmm_base::Speed;
use mmm_spec::Look;

/// What is done to the picture of a shot beside framing it. The planner chooses it, and recipes hold it as it is, so a
/// new treatment is a field here, its choice in the planner and its work in the renderer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Treatment {
    /// How fast a clip is shown; normal for photos.
    #[serde(default, skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
    /// Whether a clip is steadied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub steady: bool,
    /// What is taken from the exponent of the tones, in thousandths, before any look: brighter middle tones. Zero where
    /// they are as they should be.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lift: u16,
    #[serde(default, skip_serializing_if = "is_natural")]
    pub look: Look,
}

fn is_zero(lift: &u16) -> bool {
    *lift == 0
}

fn is_natural(look: &Look) -> bool {
    *look == Look::Natural
}
