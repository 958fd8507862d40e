use mmm_base::Score;
use serde::{Deserialize, Serialize};

/// What the colours of a picture show, each from 0 (no sign of it) to 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct SceneColours {
    /// A warm sky above a dark ground.
    pub sunset: Score,
    /// Dark, with some lights.
    pub night: Score,
    /// White without colour in much of the picture.
    pub snow: Score,
    /// Blue in much of the lower half.
    pub water: Score,
    pub greenery: Score,
}
