use serde::{Deserialize, Serialize};

use crate::{Canvas, Pan, StereoSide, Treatment};
use crate::{Face, Weight};
use mmm_base::{Digest, Rate, Score, Speed, Time};
use mmm_spec::{Colour, PictureFormat};

/// Everything that affects the pixels of one segment, and nothing else. The segment's position in the movie
/// is not included, so a shot that only moves is not encoded again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SegmentRecipe {
    pub canvas: Canvas,
    /// Length in frames; at least one.
    pub frames: u32,
    pub view: View,
    /// Text over the view; later entries cover earlier ones.
    pub texts: Vec<TextOverlay>,
    /// A fade over the segment's whole length, including its texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fade: Option<Fade>,
    /// The colour that the fade starts from or ends in.
    #[serde(default, skip_serializing_if = "Colour::is_black")]
    pub ground: Colour,
}

/// A fade from a colour or to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fade {
    /// The first frame is of that colour.
    In,
    /// The last frame is of that colour.
    Out,
}

/// What is seen.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// The body of one shot.
    Shot(ShotView),
    /// A transition from one shot to the other, over the segment's length.
    Blend(Blend, ShotView, ShotView),
}

impl View {
    /// Returns the shots that are visible, in their order.
    pub fn shots(&self) -> impl Iterator<Item = &ShotView> {
        let (first, second) = match self {
            Self::Shot(shot) => (shot, None),
            Self::Blend(_, before, after) => (before, Some(after)),
        };
        std::iter::once(first).chain(second)
    }
}

/// How two shots share the frame during a transition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blend {
    /// A cross-fade that mixes light, not code values.
    Dissolve,
    /// A soft edge uncovers the second from left to right.
    Wipe,
    /// The second pushes the first out to the left.
    Slide,
    /// Zooms into the middle of the first, then out of the middle of the second.
    Zoom,
}

/// A stretch of one shot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ShotView {
    pub source: Digest,
    pub framing: Framing,
    pub picture: PictureSource,
    pub treatment: Treatment,
    /// A colour table (LUT) that replaces the look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cube: Option<Digest>,
    /// The stretch of a clip that is stabilized as a whole: the shot with its handles, even if this view is
    /// only a part of it. `None` if the clip is not stabilized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steadied: Option<(Time, Time)>,
    /// Whether frames of another shape than the clip's are shown whole, on a blurred copy of themselves, if a
    /// crop would lose much of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_fill: bool,
}

impl ShotView {
    /// Returns the stretch of a clip that is read for `frames` frames, from its start to its end; `None` for
    /// photos.
    pub fn stretch(&self, frames: u32, rate: Rate) -> Option<(Time, Time)> {
        let PictureSource::Clip(from) = self.picture else { return None };
        let to = from + self.treatment.speed.seen_in(rate.time_of(i64::from(frames)));
        let (first, last) = self.steadied.map_or((from, to), |(first, last)| (first.min(from), last.max(to)));
        Some((first.max(Time::ZERO), last))
    }

    /// Returns the same view starting `frames` later, or earlier if negative. A move never starts before its
    /// first frame.
    pub fn moved(&self, frames: i64, rate: Rate) -> Self {
        let mut moved = self.clone();
        match &mut moved.picture {
            PictureSource::Photo(photo) => photo.first = (i64::from(photo.first) + frames).max(0) as u32,
            PictureSource::Clip(from) => *from += self.treatment.speed.seen_in(rate.time_of(frames)),
        }
        moved
    }
}

/// Where the frames come from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureSource {
    Photo(PhotoView),
    /// The source's time at the first frame.
    Clip(Time),
}

/// A part of a move over a photo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoView {
    pub motion: Move,
    /// Frames from the start of the move to its end.
    pub length: u32,
    /// The first frame of the move that is visible.
    pub first: u32,
    /// Whether the move is a long one along the photo: its speed is even, except at both ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glides: bool,
}

/// The part of a gliding move that it takes to get to its speed, and as well to come to rest.
const SOFT: f64 = 0.25;

impl PhotoView {
    /// Returns the progress of the move at frame `index` of the view, 0..=1. The speed rises evenly until the
    /// middle and then falls evenly: the smallest acceleration that starts and ends at rest. A gliding move
    /// reaches its speed after a quarter and keeps it for half of the time.
    pub fn progress(&self, index: u32) -> f64 {
        if self.length < 2 {
            return 0.0;
        }
        let last = self.length - 1;
        let t = f64::from((self.first + index).min(last)) / f64::from(last);
        let soft = if self.glides { SOFT } else { 0.5 };
        let start = |t: f64| t * t / (2.0 * soft * (1.0 - soft));
        if t < soft {
            start(t)
        } else if t > 1.0 - soft {
            1.0 - start(1.0 - t)
        } else {
            (t - soft / 2.0) / (1.0 - soft)
        }
    }
}

/// A window that moves over the framed picture, eased at both ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Move {
    pub from: Window,
    pub to: Window,
}

/// A part of a picture, in millionths of its width and height.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Window {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Window {
    /// The whole width or height, in millionths.
    pub const UNIT: i32 = 1_000_000;
    pub const WHOLE: Self = Self { x: 0, y: 0, width: Self::UNIT, height: Self::UNIT };

    /// Returns the largest window with the aspect of `shape` (width and height) in a picture of `size`
    /// pixels, with its centre as close to `focus` as the picture allows.
    pub fn cover(size: (u32, u32), shape: (u32, u32), focus: (Score, Score)) -> Self {
        let (width, height) = (i64::from(size.0.max(1)), i64::from(size.1.max(1)));
        let (wide, high) = (i64::from(shape.0.max(1)), i64::from(shape.1.max(1)));
        let unit = i64::from(Self::UNIT);
        let (part_w, part_h) = if width * high > wide * height {
            (unit * wide * height / (high * width), unit)
        } else {
            (unit, unit * high * width / (wide * height))
        };
        let place = |part: i64, focus: Score| {
            let middle = (focus.get() * unit as f64) as i64;
            (middle - part / 2).clamp(0, unit - part) as i32
        };
        let (x, y) = (place(part_w, focus.0), place(part_h, focus.1));
        Self { x, y, width: part_w as i32, height: part_h as i32 }
    }
}

/// How a picture is fitted into the canvas.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    /// This part of the upright picture fills the canvas.
    Crop(Window),
    /// A part of a clip that follows its subject fills the canvas.
    Follow(Pan),
    /// The whole picture on a blurred copy of itself.
    Fill,
    /// The whole picture on black.
    Contain,
}

impl Framing {
    /// Returns the part that fills the canvas at a time of the source; `None` if the whole picture is
    /// visible.
    pub fn window(&self, time: Time) -> Option<Window> {
        match self {
            Self::Crop(window) => Some(*window),
            Self::Follow(pan) => Some(pan.window(time)),
            Self::Fill | Self::Contain => None,
        }
    }
}

/// A text over the picture.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TextOverlay {
    pub text: String,
    pub place: TextPlace,
    /// First frame of the text, counted from the segment's first frame; negative if the text starts in an
    /// earlier segment.
    pub start: i32,
    /// Number of frames in which any of the text is visible.
    pub frames: u32,
    /// Faces for characters that the built-in faces lack, in the order in which they are tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faces: Vec<Face>,
}

/// Position and size of a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextPlace {
    /// Large, in the middle.
    Title,
    /// Small, at the foot of the safe area.
    Caption,
}

impl TextPlace {
    /// Returns the weight of its letters.
    pub fn weight(self) -> Weight {
        match self {
            Self::Title => Weight::Bold,
            Self::Caption => Weight::Medium,
        }
    }
}

/// Everything that affects the movie's sound.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SoundRecipe {
    /// Length in samples at 48 kHz.
    pub samples: u64,
    /// Mixed in this order.
    pub cues: Vec<SoundCue>,
    /// Integrated loudness of the mix, in hundredths of a LUFS.
    pub loudness: i32,
    #[serde(default, skip_serializing_if = "SoundCodec::is_aac")]
    pub codec: SoundCodec,
    /// Kilobits per second; `None` for the usual rate of the codec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u32>,
}

/// What an encoded sound gives when it is decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SoundLevels {
    /// Integrated loudness in hundredths of a LUFS (EBU R128); `None` for silence.
    pub loudness: Option<i32>,
    /// The highest true peak in hundredths of a dBTP.
    pub peak: i32,
    /// Whether its quiet sources got the largest gain that there is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_at_most_gain: bool,
}

/// A still image written beside the movie.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PosterRecipe {
    pub segment: SegmentRecipe,
    /// The frame of the segment that is shown.
    pub at: u32,
    pub format: PictureFormat,
}

/// A looping preview written beside the movie.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PreviewRecipe {
    /// In order, one after the other.
    pub segments: Vec<SegmentRecipe>,
    /// One of every `every` frames of the segments is shown.
    pub every: u32,
    pub format: PictureFormat,
}

/// How the sound is encoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoundCodec {
    #[default]
    Aac,
    /// For WebM.
    Opus,
}

impl SoundCodec {
    fn is_aac(&self) -> bool {
        *self == Self::Aac
    }
}

/// A stretch of one source in the mix. Times are samples at 48 kHz.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SoundCue {
    pub source: Digest,
    /// The number of the sound track, counted from 1; `None` for the one that is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<u8>,
    /// The side that alone carries the sound: it is heard from both, at the same power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centred: Option<StereoSide>,
    /// Where in the movie it starts.
    pub start: u64,
    pub samples: u64,
    /// Where in the source it starts.
    pub from: u64,
    /// How fast it plays, at its own pitch.
    #[serde(default, skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
    /// Level change in hundredths of a decibel.
    pub gain: i32,
    /// Length of the fade in, within the cue: a quarter of a sine, so that two overlapping fades keep their
    /// power.
    pub fade_in: u64,
    /// Length of the fade out, within the cue: a quarter of a cosine.
    pub fade_out: u64,
    /// Frequencies below this one, in Hz, are filtered out; `None` if all are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_pass: Option<u32>,
    /// Where it is ducked under other sound, in the movie's time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ducks: Vec<Duck>,
}

/// A stretch of the movie, in samples, over which a cue is quieter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Duck {
    pub start: u64,
    pub end: u64,
    /// The level change, in hundredths of a decibel; negative.
    pub gain: i32,
}
