use serde::{Deserialize, Serialize};

use crate::{Issue, MediaError};
use mmm_base::Time;

/// Whether a live photo (a photo with a moving picture) plays in the movie, and why.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiveUse {
    /// Its moving picture is shown.
    Plays {
        why: WhyLivePlays,
        /// When the photo was taken, in the time of the moving picture; the shot contains it. `None` if the spec
        /// asks for another part.
        moment: Option<Time>,
    },
    /// Its photo is shown.
    Stays(WhyLiveStays),
}

impl LiveUse {
    pub fn plays(&self) -> bool {
        matches!(self, Self::Plays { .. })
    }
}

/// Why a live photo plays.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyLivePlays {
    /// The spec says so.
    Asked,
    /// The lock keeps it, although the planner would show the photo now.
    Locked,
    /// It moves, and it is steady and sharp.
    Moves,
    /// The photo has this issue, and the moving picture has none.
    Photo(Issue),
}

/// Why a live photo stays still.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyLiveStays {
    /// The spec says so.
    Asked,
    /// The lock keeps it, although the planner would play it now.
    Locked,
    /// Next to nothing moves.
    Motionless,
    /// Its moving picture has an issue.
    Issue(Issue),
    /// What can be shown around the moment of the photo is shorter than the shortest shot.
    Short { longest: Time, shortest: Time },
    /// The photo was edited, and its moving picture was not.
    Edited,
    /// The movie needs longer shots than moving pictures can fill.
    Room,
    /// Its moving picture can't be read.
    Unreadable(MediaError),
}
