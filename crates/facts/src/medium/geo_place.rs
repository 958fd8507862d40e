use serde::{Deserialize, Serialize};

/// Where a medium was taken: WGS 84 degrees times 10,000,000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct GeoPlace {
    pub lat_e7: i32,
    pub lon_e7: i32,
}
