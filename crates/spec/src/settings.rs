use serde::{Deserialize, Serialize};

use super::{Colour, Container, Target};
use mmm_base::{MediaPath, Rate, Time};

/// Everything that affects one output, with all defaults filled in.
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
    #[serde(default, skip_serializing_if = "FrameSize::is_default")]
    pub size: FrameSize,
    #[serde(default, skip_serializing_if = "Quality::is_good")]
    pub quality: Quality,
    /// The most bytes of the final movie.
    #[serde(default, rename = "max-size", skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u64>,
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    pub style: Style,
    pub constraints: Constraints,
}

/// One piece of music; several play one after the other.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Track {
    pub path: MediaPath,
    /// Where in the file the music starts; if `None`, the planner chooses.
    pub from: Option<Time>,
    /// The number of the sound track that is heard, counted from 1; if `None`, the file decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<u8>,
    /// Where in the file the music ends; if `None`, at its last sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// Whether it begins again until the movie ends.
    #[serde(default, rename = "loop", skip_serializing_if = "std::ops::Not::not")]
    pub is_loop: bool,
    /// How long it overlaps with the next track, or with itself if it is a loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crossfade: Option<Time>,
    /// The user's corrections to the detected beats.
    #[serde(default, skip_serializing_if = "BeatsByHand::says_nothing")]
    pub beats: BeatsByHand,
}

impl Track {
    /// Returns a track that is played as it is.
    pub fn new(path: MediaPath) -> Self {
        let beats = BeatsByHand::default();
        Self { path, from: None, audio: None, to: None, is_loop: false, crossfade: None, beats }
    }
}

/// A user's corrections to the beats of a track. Everything else stays as detected.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct BeatsByHand {
    /// A list of beats that replaces the detected ones.
    pub file: Option<MediaPath>,
    /// The factor by which the number of beats is multiplied.
    pub multiply: Factor,
    /// How much later all beats are; earlier if negative.
    pub offset: Time,
    /// A time at which a bar begins.
    pub first_downbeat: Option<Time>,
}

impl BeatsByHand {
    /// Whether there are no corrections.
    pub fn says_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A factor, as numerator and denominator; one of them is 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Factor(pub u8, pub u8);

impl Factor {
    /// The factors that a spec may use.
    pub const ALL: [Self; 5] = [Self(1, 4), Self(1, 2), Self(1, 1), Self(2, 1), Self(4, 1)];

    /// Returns the factor as a number.
    pub fn get(self) -> f64 {
        f64::from(self.0) / f64::from(self.1)
    }
}

impl Default for Factor {
    fn default() -> Self {
        Self(1, 1)
    }
}

/// How long the movie should be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    /// Not specified: the amount of material decides, up to the length of the music if there is any.
    #[default]
    Auto,
    /// As long as the music.
    Music,
    /// Exactly this long, to the frame.
    Exact(Time),
    /// Between the two, both included, whichever length suits the music and the media best.
    Within(Time, Time),
}

/// The aspect ratio of the picture, width to height.
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

/// The video codec.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    #[default]
    H264,
    Hevc,
    Av1,
}

/// Pixels on the shorter side of the picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum FrameSize {
    #[serde(rename = "480")]
    P480,
    #[serde(rename = "720")]
    P720,
    #[default]
    #[serde(rename = "1080")]
    P1080,
    #[serde(rename = "1440")]
    P1440,
    #[serde(rename = "2160")]
    P2160,
}

impl FrameSize {
    /// Returns the number of pixels.
    pub fn pixels(self) -> u32 {
        match self {
            Self::P480 => 480,
            Self::P720 => 720,
            Self::P1080 => 1080,
            Self::P1440 => 1440,
            Self::P2160 => 2160,
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How close the encoded picture comes to the original.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    Small,
    #[default]
    Good,
    Best,
}

impl Quality {
    pub fn is_good(&self) -> bool {
        *self == Self::Good
    }
}

/// Frames per second.
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
    /// Returns the exact ratio; `None` if the footage decides.
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
    /// Whether the moving pictures of live photos play.
    #[serde(default, rename = "live-photos", skip_serializing_if = "LivePhotos::is_auto")]
    pub live_photos: LivePhotos,
    pub fit: Fit,
    pub look: Look,
    /// A user's colour table (LUT) that replaces the look.
    #[serde(default)]
    pub cube: Option<MediaPath>,
    /// The colour of dips.
    #[serde(default, skip_serializing_if = "Colour::is_black")]
    pub dip: Colour,
    /// Whether handheld clips are stabilized.
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

/// Which transitions may be used.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transitions {
    /// Cuts, with a dissolve at the start of a new chapter. The movie fades in from black and out to black.
    #[default]
    Auto,
    /// Only these; never empty. If `Cut` is one of them, the others mark chapters.
    Only(Vec<TransitionKind>),
}

impl Transitions {
    /// Whether the spec requests this kind by name.
    pub fn name(&self, kind: TransitionKind) -> bool {
        matches!(self, Self::Only(kinds) if kinds.contains(&kind))
    }
}

/// One kind of transition between two shots.
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
    /// Whether both shots are visible during the transition, so that it needs handles of both.
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

/// Whether the moving pictures of live photos play.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LivePhotos {
    /// Those that move and are steady and sharp.
    #[default]
    Auto,
    /// None of them.
    Still,
    /// All that can.
    Play,
}

impl LivePhotos {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

/// How a picture of another aspect ratio is fitted into the frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Crop if little is lost, otherwise fill.
    #[default]
    Auto,
    /// Fills the frame and cuts off the edges.
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
    /// Unmodified.
    #[default]
    Natural,
    Warm,
    Cool,
    Film,
    BlackAndWhite,
}

/// Titles and captions.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Titles {
    /// The movie's title over the opening, and captions.
    #[default]
    Auto,
    /// No text at all.
    Off,
    /// These, and captions.
    List(Vec<Title>),
}

/// A title: its text, when it appears, and how long it stays.
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

/// Rules that the plan must follow.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Constraints {
    pub order: Order,
    /// Shortest and longest shot; if `None`, the pace decides.
    pub shot: Option<(Time, Time)>,
    /// How often a medium may repeat (0: never).
    pub repeats: u32,
    pub cut_on: CutOn,
    /// A gap in capture time longer than this starts a chapter.
    pub chapter_gap: Time,
    /// In how many shots certain people must be, each name once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonShots>,
}

/// In how many shots a person must be.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PersonShots {
    pub name: String,
    pub least: u32,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            order: Order::default(),
            shot: None,
            repeats: 0,
            cut_on: CutOn::default(),
            chapter_gap: Time::from_secs(3600),
            people: Vec::new(),
        }
    }
}

/// The order of the shots.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By capture time; media without one keep their listed place.
    #[default]
    Chronological,
    /// By the rules of `media`; files of one rule by name.
    AsListed,
}

/// Where cuts may fall.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutOn {
    #[default]
    Beat,
    Downbeat,
    /// Anywhere: on a steady grid that is independent of the music.
    Free,
}
