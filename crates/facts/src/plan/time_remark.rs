use serde::{Deserialize, Serialize};

use mmm_base::MediaPath;

/// Something about the capture times of a movie's media that a wrong clock would explain.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TimeRemark {
    /// These media are years away from most others.
    YearsAway {
        /// In the order of the spec; at least one.
        media: Vec<MediaPath>,
        /// Their camera, if all are from the same one.
        camera: Option<String>,
        /// The year of the first of them.
        year: i16,
        /// Days from the first of them to the first of the others; negative if the others are earlier.
        days: i64,
    },
    /// A clip is the only medium of its chapter, and the others of its folder were taken hours before or
    /// after.
    AloneInChapter {
        path: MediaPath,
        camera: Option<String>,
        /// Seconds from the clip to the nearest of them; negative if that one is earlier.
        nearest_s: i64,
    },
    /// Two cameras that took media of the same folder were never used at the same time.
    NeverTogether {
        /// The camera that took fewer, and the other one.
        cameras: (String, String),
        /// Seconds between the last medium of one and the first of the other.
        apart_s: i64,
    },
    /// An entry of `cameras` names no camera of the movie's media.
    UnknownCamera {
        name: String,
        /// The cameras that there are, in order.
        known: Vec<String>,
    },
}
