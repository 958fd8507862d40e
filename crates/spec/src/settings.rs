use serde::{Deserialize, Serialize};

use super::{Colour, Container};
use mmm_base::{MediaPath, Rate, Time};

/// All that shapes one output, with every default filled in.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Settings {
    pub title: Option<String>,
    pub prompt: Option<String>,
    pub music: Vec<Track>,
    pub duration: Length,
    pub aspect: Aspect,
    pub codec: Codec,
    #[serde(default, skip_serializing_if = "Container::is_mp4")]
    pub container: Container,
    #[serde(default)]
    pub rate: FrameRate,
    pub style: Style,
    pub constraints: Constraints,
}

/// One piece of music; several follow each other.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Track {
    pub path: MediaPath,
    /// Where in the file the music starts; `None` leaves it to the compiler.
    pub from: Option<Time>,
    /// What the user says of its beats, over what is heard.
    #[serde(default, skip_serializing_if = "BeatsByHand::says_nothing")]
    pub beats: BeatsByHand,
}

/// What a user says of the beats of a track. What is not said is as it is heard.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct BeatsByHand {
    /// A list of beats instead of those that are heard.
    pub file: Option<MediaPath>,
    /// How many times as many beats.
    pub multiply: Factor,
    /// How much later all beats are; earlier where it is negative.
    pub offset: Time,
    /// A time at which a bar begins.
    pub first_downbeat: Option<Time>,
}

impl BeatsByHand {
    /// Whether the beats are as they are heard.
    pub fn says_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A factor, as numerator and denominator; one of them is 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Factor(pub u8, pub u8);

impl Factor {
    /// Those that a spec may name.
    pub const ALL: [Self; 5] = [Self(1, 4), Self(1, 2), Self(1, 1), Self(2, 1), Self(4, 1)];

    /// The factor as a number.
    pub fn get(self) -> f64 {
        f64::from(self.0) / f64::from(self.1)
    }
}

impl Default for Factor {
    fn default() -> Self {
        Self(1, 1)
    }
}

/// How long the movie is to be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    /// Not said: with music the compiler picks by how much there is to show, up to the music's
    /// length; without, by the media alone.
    #[default]
    Auto,
    /// As long as the music.
    Music,
    /// Exactly this, to the frame.
    Exact(Time),
    /// Between the two, both included, where the music and the media fit best.
    Within(Time, Time),
}

/// The shape of the picture, width to height.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Aspect {
    #[default]
    #[serde(rename = "16:9")]
    Wide,
    #[serde(rename = "9:16")]
    Tall,
    #[serde(rename = "1:1")]
    Square,
    #[serde(rename = "4:5")]
    Portrait,
    #[serde(rename = "4:3")]
    Classic,
    #[serde(rename = "21:9")]
    Cinema,
}

/// How the picture is encoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    #[default]
    H264,
    Hevc,
    Av1,
}

/// Frames a second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum FrameRate {
    #[default]
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "23.976")]
    NtscFilm,
    #[serde(rename = "24")]
    Film,
    #[serde(rename = "25")]
    Pal,
    #[serde(rename = "29.97")]
    Ntsc,
    #[serde(rename = "30")]
    Thirty,
    #[serde(rename = "50")]
    Fifty,
    #[serde(rename = "59.94")]
    NtscSixty,
    #[serde(rename = "60")]
    Sixty,
}

impl FrameRate {
    /// The ratio that the word stands for; none where the footage decides.
    pub fn exact(self) -> Option<Rate> {
        match self {
            Self::Auto => None,
            Self::NtscFilm => Some(Rate(24_000, 1001)),
            Self::Film => Some(Rate(24, 1)),
            Self::Pal => Some(Rate(25, 1)),
            Self::Ntsc => Some(Rate(30_000, 1001)),
            Self::Thirty => Some(Rate(30, 1)),
            Self::Fifty => Some(Rate(50, 1)),
            Self::NtscSixty => Some(Rate(60_000, 1001)),
            Self::Sixty => Some(Rate(60, 1)),
        }
    }
}

/// How the movie looks, sounds and moves.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Style {
    pub pace: Pace,
    pub transitions: Transitions,
    pub photos: PhotoMotion,
    pub fit: Fit,
    pub look: Look,
    /// A table of colours of the user's, instead of a look.
    #[serde(default)]
    pub cube: Option<MediaPath>,
    /// What dips go into and come out of.
    #[serde(default, skip_serializing_if = "Colour::is_black")]
    pub dip: Colour,
    /// Whether handheld clips are steadied.
    #[serde(default)]
    pub steady: bool,
    pub titles: Titles,
    pub loudness: Loudness,
}

/// How fast cuts follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Follows the music's energy.
    #[default]
    Auto,
    Calm,
    Steady,
    Lively,
}

/// Which ways of going from one shot to the next may be used.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transitions {
    /// Cuts, with a dissolve where a new chapter begins; the movie comes out of black and goes back.
    #[default]
    Auto,
    /// Only these; never empty. With `Cut` among them, the others mark chapters.
    Only(Vec<TransitionKind>),
}

impl Transitions {
    /// Whether the spec asks for this kind by name.
    pub fn name(&self, kind: TransitionKind) -> bool {
        matches!(self, Self::Only(kinds) if kinds.contains(&kind))
    }
}

/// One way of going from a shot to the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransitionKind {
    Cut,
    Dissolve,
    Dip,
    Wipe,
    Slide,
    Zoom,
}

impl TransitionKind {
    /// Whether both shots are seen while it lasts, so that it takes handles of both.
    pub fn overlaps(self) -> bool {
        matches!(self, Self::Dissolve | Self::Wipe | Self::Slide | Self::Zoom)
    }
}

/// Whether photos move.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoMotion {
    #[default]
    KenBurns,
    Still,
}

/// How a picture of another shape is brought into the frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Crop where little is lost, else fill.
    #[default]
    Auto,
    /// Fill the frame, lose the edges.
    Crop,
    /// The whole picture, on a blurred copy of itself.
    Fill,
    /// The whole picture, on black.
    Contain,
}

/// The colours of the whole movie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// As they were taken.
    #[default]
    Natural,
    Warm,
    Cool,
    Film,
    BlackAndWhite,
}

/// Words over the picture.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Titles {
    /// The movie's title over the opening, and captions.
    #[default]
    Auto,
    /// No words at all.
    Off,
    /// These, and captions.
    List(Vec<Title>),
}

/// Some words, when they appear, and how long they stay.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Title {
    pub text: String,
    pub at: Time,
    #[serde(rename = "for")]
    pub length: Time,
}

/// Integrated loudness of the finished sound, in hundredths of a LUFS (EBU R128).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Loudness(pub i32);

impl Default for Loudness {
    fn default() -> Self {
        Self(-1400)
    }
}

/// What must hold of the plan.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Constraints {
    pub order: Order,
    /// Shortest and longest shot; `None` leaves it to the pace.
    pub shot: Option<(Time, Time)>,
    /// How often a medium may come again (0: never).
    pub repeats: u32,
    pub cut_on: CutOn,
    /// A gap in capture time longer than this starts a chapter.
    pub chapter_gap: Time,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            order: Order::default(),
            shot: None,
            repeats: 0,
            cut_on: CutOn::default(),
            chapter_gap: Time::from_secs(3600),
        }
    }
}

/// The order of the shots.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By capture time; media without one keep their place among the listed.
    #[default]
    Chronological,
    /// By the rules of `media`, files of one rule by name.
    AsListed,
}

/// Where cuts may stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutOn {
    #[default]
    Beat,
    Downbeat,
    /// Anywhere: a steady grid of its own.
    Free,
}
