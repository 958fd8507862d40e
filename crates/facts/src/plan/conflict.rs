use serde::{Deserialize, Serialize};

use mmm_base::{MediaPath, Time};

/// Why no plan can do what the spec asks for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "kebab-case")]
pub enum Conflict {
    /// There is no photo or clip.
    NothingToShow,
    /// No medium lasts as long as the shortest shot.
    AllTooShort {
        shortest: Time,
        /// Whether the spec sets the shortest shot.
        set: bool,
    },
    /// The media can't fill the movie.
    TooLittle(Shortage),
    /// What is required takes longer than the movie.
    TooMuchRequired {
        /// The rule of `media` of each required medium, counted from 0.
        rules: Vec<usize>,
        /// The length that would show them all.
        needed: Time,
        wanted: Time,
        shortest: Time,
        /// Whether the spec sets the shortest shot.
        set: bool,
    },
    /// The movie is shorter than its shortest shot.
    ShorterThanAShot { wanted: Time, shortest: Time },
    /// No cuts keep every shot within its bounds; the times for cuts are at most `spacing` apart.
    NoCuts { shortest: Time, longest: Time, spacing: Time },
    /// A clip can't be shown as its rule of `media` (counted from 0) says.
    Clip { path: MediaPath, rule: usize, trouble: ClipTrouble },
    /// `from` is outside of a track, counted from 0.
    MusicStartOutside { path: MediaPath, track: usize, length: Time },
    /// The movie is to be as long as its music, and there is none.
    NoMusic,
    /// The movie is to last no time.
    NoLength { wanted: Time },
    /// The movie is to last more than a day.
    OverADay { wanted: Time },
    /// A title of the spec is not inside a movie of `length`.
    TitleOutside { text: String, from: Time, to: Time, length: Time },
}

/// What is impossible about one clip.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "kebab-case")]
pub enum ClipTrouble {
    /// It is required, and no moment of it lasts as long as the shortest shot.
    TooShort { longest: Time, shortest: Time },
    /// `in` is outside of the clip, which lasts so long.
    InOutside { length: Time },
    /// `out` is outside of the clip, which lasts so long.
    OutOutside { length: Time },
    /// `in` is not before `out`.
    InAfterOut { from: Time, to: Time },
}

/// Why the media can't fill a movie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Shortage {
    pub wanted: Time,
    /// What the media can fill.
    pub filled: Time,
    /// How many media can be shown.
    pub usable: usize,
    /// How many are not shown since a better one shows the same.
    pub copies: usize,
    /// The longest shot.
    pub longest: Time,
    /// Whether the spec sets the longest shot.
    pub set: bool,
    /// How often a medium may be repeated.
    pub repeats: u32,
    /// Whether the movie is to be as long as its music.
    pub as_music: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// There is nothing to show.
    NoMedia,
    /// The movie can't be filled: too few media, too short shots.
    TooLittle,
    /// What is required does not fit.
    TooMuch,
    /// A setting of one medium, title or length is impossible.
    Medium,
    /// The music does not reach.
    Music,
}

impl Conflict {
    /// Returns the kind, by which the diagnostic is coded.
    pub fn kind(&self) -> ConflictKind {
        match self {
            Self::NothingToShow | Self::AllTooShort { .. } => ConflictKind::NoMedia,
            Self::TooLittle(_) => ConflictKind::TooLittle,
            Self::TooMuchRequired { .. } | Self::ShorterThanAShot { .. } => ConflictKind::TooMuch,
            Self::Clip { .. } | Self::NoLength { .. } | Self::OverADay { .. } | Self::TitleOutside { .. } => {
                ConflictKind::Medium
            }
            Self::NoCuts { .. } | Self::MusicStartOutside { .. } | Self::NoMusic => ConflictKind::Music,
        }
    }
}
