use serde::{Deserialize, Serialize};

use mmm_base::Speed;
use mmm_spec::Look;

/// Processing of a shot's picture other than framing. The planner chooses it, and recipes contain it
/// unmodified. A new treatment needs a field here, a choice in the planner and an implementation in the
/// renderer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Treatment {
    /// How fast a clip is shown; normal for photos.
    #[serde(default, skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
    /// Whether a clip is stabilized.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub steady: bool,
    /// How much the exponent of the tone curve is lowered, in thousandths, before any look; this brightens
    /// the midtones. Zero if the tones need no correction.
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
