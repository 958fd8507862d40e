use serde::{Deserialize, Serialize};

use mmm_base::{MediaPath, Time};

/// Why no plan can meet the spec.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "kebab-case")]
pub enum Conflict {
    /// There is no photo or clip.
    NothingToShow,
    /// No medium is as long as the shortest shot.
    AllTooShort {
        shortest: Time,
        /// The longest shot that a medium can provide.
        longest: Time,
        /// Whether the spec sets the shortest shot.
        set: bool,
        ways: Vec<WayOut>,
    },
    /// The media can't fill the movie.
    TooLittle(Shortage),
    /// The required media take longer than the movie.
    TooMuchRequired {
        /// The rule of `media` of each required medium, counted from 0.
        rules: Vec<usize>,
        /// The length that would show all of them.
        needed: Time,
        wanted: Time,
        shortest: Time,
        /// Whether the spec sets the shortest shot.
        set: bool,
        /// Whether the movie should be as long as its music.
        as_music: bool,
        /// How many of them are required because of the people in them.
        #[serde(default, skip_serializing_if = "is_none")]
        for_people: usize,
        ways: Vec<WayOut>,
    },
    /// The movie is shorter than its shortest shot.
    ShorterThanAShot { wanted: Time, shortest: Time, longest: Time, set: bool, ways: Vec<WayOut> },
    /// No cuts keep every shot within its bounds.
    NoCuts {
        shortest: Time,
        longest: Time,
        wanted: Time,
        /// If cuts fall on beats, how far apart possible cuts are at most.
        spacing: Option<Time>,
        /// Whether the spec sets the bounds.
        set: bool,
        ways: Vec<WayOut>,
    },
    /// There are not enough photos and clips with a person that the spec asks for.
    People {
        name: String,
        least: u32,
        /// How many name the person, and (`usable`) how many of them can be shown.
        named: usize,
        usable: usize,
        /// All names that there are.
        names: Vec<String>,
    },
    /// A clip can't be shown as its rule of `media` (counted from 0) asks.
    Clip { path: MediaPath, rule: usize, trouble: ClipTrouble },
    /// `from` is outside of a track (counted from 0).
    MusicStartOutside { path: MediaPath, track: usize, length: Time },
    /// `to` is after the end of a track (counted from 0).
    MusicEndOutside { path: MediaPath, track: usize, length: Time },
    /// The movie should be as long as its music, but there is no music.
    NoMusic,
    /// The movie should be as long as its music, but a track (counted from 0) starts at `from`, after the `end` of
    /// its sound.
    MusicUnheard { path: MediaPath, track: usize, from: Time, end: Time },
    /// The requested length is not longer than zero.
    NoLength { wanted: Time },
    /// The requested length is more than a day.
    OverADay { wanted: Time },
    /// A title of the spec is outside of a movie of `length`.
    TitleOutside { text: String, from: Time, to: Time, length: Time },
}

/// What is impossible about one clip.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "kebab-case")]
pub enum ClipTrouble {
    /// The clip is required, but no moment of it is as long as the shortest shot.
    TooShort { longest: Time, shortest: Time },
    /// `in` is outside of the clip, which is `length` long.
    InOutside { length: Time },
    /// `out` is outside of the clip, which is `length` long.
    OutOutside { length: Time },
    /// `in` is not before `out`.
    InAfterOut { from: Time, to: Time },
}

/// A change of the spec, or of the media, after which a plan exists. The planner has tried it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "kebab-case")]
pub enum WayOut {
    /// Another `duration`.
    Duration { length: Time },
    /// More photos.
    MoreMedia { count: usize },
    /// Another `constraints.repeats`.
    Repeats { repeats: u32 },
    /// Another `constraints.shot`.
    Shot { shortest: Time, longest: Time },
    /// No `constraints.shot`.
    AnyShot,
    /// `constraints.cut-on: free`.
    Free,
    /// No `required` and no `role` for one medium.
    Optional { path: MediaPath },
}

/// Why the media can't fill a movie.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Shortage {
    pub wanted: Time,
    /// The length that the media can fill.
    pub filled: Time,
    /// How many media can be shown.
    pub usable: usize,
    /// How many media are left out because a better near-duplicate exists.
    pub copies: usize,
    /// The longest shot of a photo.
    pub longest: Time,
    /// Whether the spec sets the longest shot.
    pub set: bool,
    /// How often a medium may repeat.
    pub repeats: u32,
    /// Whether the movie should be as long as its music.
    pub as_music: bool,
    pub ways: Vec<WayOut>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// There is nothing to show.
    NoMedia,
    /// The media can't fill the movie: there are too few, or shots are too short.
    TooLittle,
    /// The required media do not fit.
    TooMuch,
    /// A setting of one medium, title or length is impossible.
    Medium,
    /// The music can't provide what the spec asks for.
    Music,
    /// Too few media show a person.
    People,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Conflict {
    /// Returns what the planner found to help, if it looked for it.
    pub fn ways(&self) -> &[WayOut] {
        match self {
            Self::AllTooShort { ways, .. }
            | Self::TooLittle(Shortage { ways, .. })
            | Self::TooMuchRequired { ways, .. }
            | Self::ShorterThanAShot { ways, .. }
            | Self::NoCuts { ways, .. } => ways,
            _ => &[],
        }
    }

    /// Returns the same conflict with what helps.
    pub fn with_ways(mut self, found: Vec<WayOut>) -> Self {
        match &mut self {
            Self::AllTooShort { ways, .. }
            | Self::TooLittle(Shortage { ways, .. })
            | Self::TooMuchRequired { ways, .. }
            | Self::ShorterThanAShot { ways, .. }
            | Self::NoCuts { ways, .. } => *ways = found,
            _ => {}
        }
        self
    }

    /// Returns the kind, which determines the code of the diagnostic.
    pub fn kind(&self) -> ConflictKind {
        match self {
            Self::NothingToShow | Self::AllTooShort { .. } => ConflictKind::NoMedia,
            Self::TooLittle(_) => ConflictKind::TooLittle,
            Self::TooMuchRequired { .. } | Self::ShorterThanAShot { .. } => ConflictKind::TooMuch,
            Self::Clip { .. } | Self::NoLength { .. } | Self::OverADay { .. } | Self::TitleOutside { .. } => {
                ConflictKind::Medium
            }
            Self::NoCuts { .. }
            | Self::MusicStartOutside { .. }
            | Self::MusicEndOutside { .. }
            | Self::MusicUnheard { .. }
            | Self::NoMusic => ConflictKind::Music,
            Self::People { .. } => ConflictKind::People,
        }
    }
}
