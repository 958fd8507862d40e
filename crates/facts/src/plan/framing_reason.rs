use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a picture is not simply cropped around all that matters in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FramingReason {
    /// The frame moves along the photo, because it is too small to show this at once.
    MovesAlong { what: ShownInTurn },
    /// The frame shows the main faces; this many smaller ones are beside it.
    MainFaces { others: u32 },
    /// The whole picture is shown on a blurred copy of itself.
    Bars { cause: BarsCause },
}

/// What a frame shows one part after the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownInTurn {
    Heads,
    Subject,
    Picture,
}

/// Why a picture stands between blurred bars.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarsCause {
    /// Every crop would cut off a head or part of one.
    Heads,
    /// Every crop would cut off some of what matters.
    Subject,
    /// Nothing stands out, and every crop would lose too much.
    Picture,
    /// A crop would have too few pixels.
    Pixels,
}

impl fmt::Display for BarsCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Heads => "a crop would cut off a head",
            Self::Subject => "a crop would cut off what matters",
            Self::Picture => "a crop would lose too much of it",
            Self::Pixels => "a crop would have too few pixels",
        })
    }
}
