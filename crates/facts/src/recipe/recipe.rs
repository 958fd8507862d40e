use serde::{Deserialize, Serialize};

use crate::{Canvas, Pan, Treatment};
use crate::{Face, Weight};
use mmm_base::{Digest, Rate, Score, Speed, Time};
use mmm_spec::{Colour, PictureFormat};

/// All that shapes the pixels of one segment and nothing else, above all not its place in the
/// movie: a shot that only moves is not encoded again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SegmentRecipe {
    pub canvas: Canvas,
    /// Length in frames; at least one.
    pub frames: u32,
    pub view: View,
    /// Over the view, the later over the earlier.
    pub texts: Vec<TextOverlay>,
    /// Over the segment's length, texts and all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fade: Option<Fade>,
    /// What the fade comes out of, or goes into.
    #[serde(default, skip_serializing_if = "Colour::is_black")]
    pub ground: Colour,
}

/// The way out of one colour, or into it.
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
    /// From one to the other, over the segment's length.
    Blend(Blend, ShotView, ShotView),
}

/// How two shots share the frame while one goes over into the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blend {
    /// As light, less and less of the one and more and more of the other.
    Dissolve,
    /// A soft edge uncovers the second from left to right.
    Wipe,
    /// The second pushes the first out to the left.
    Slide,
    /// Into the middle of the first, and out of that of the second.
    Zoom,
}

/// A stretch of one shot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ShotView {
    pub source: Digest,
    pub framing: Framing,
    pub picture: PictureSource,
    pub treatment: Treatment,
    /// A table of colours instead of a look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cube: Option<Digest>,
    /// The stretch of a clip that is steadied as one: the whole shot with its handles, whatever part of
    /// it this is. None where it is shown as it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steadied: Option<(Time, Time)>,
}

impl ShotView {
    /// The same, from so many frames later on, or earlier where negative. A move starts no earlier than it does.
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

/// A stretch of a move over a photo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoView {
    pub motion: Move,
    /// Frames from the start of the move to its end.
    pub length: u32,
    /// The frame of the move that is seen first.
    pub first: u32,
}

impl PhotoView {
    /// How far the move has come at frame `index` of the view, 0..=1: the speed rises evenly up to the middle
    /// and falls evenly after it, which is the least change of speed that starts and ends at rest.
    pub fn progress(&self, index: u32) -> f64 {
        if self.length < 2 {
            return 0.0;
        }
        let last = self.length - 1;
        let t = f64::from((self.first + index).min(last)) / f64::from(last);
        if t < 0.5 { 2.0 * t * t } else { 1.0 - 2.0 * (1.0 - t) * (1.0 - t) }
    }
}

/// A window that moves over the framed picture, from one place to another, eased at both ends.
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
    /// A millionth is the unit.
    pub const UNIT: i32 = 1_000_000;
    pub const WHOLE: Self = Self { x: 0, y: 0, width: Self::UNIT, height: Self::UNIT };

    /// The largest window of the shape `shape` (width and height) of a picture of `size` pixels,
    /// with `focus` as near to its middle as the picture allows.
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

/// How a picture is brought into the canvas.
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
    /// The part that fills the canvas at a time of the source; none where all of the picture is seen.
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
    /// First frame of the text, counted from the segment's first frame; negative where it began
    /// before.
    pub start: i32,
    /// Frames from the first to the last on which anything of it is seen.
    pub frames: u32,
    /// The faces that draw what those in the program lack, in the order in which they are asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faces: Vec<Face>,
}

/// Where a text stands and how large it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextPlace {
    /// Large, in the middle.
    Title,
    /// Small, at the foot of the safe area.
    Caption,
}

impl TextPlace {
    /// How heavy its letters are.
    pub fn weight(self) -> Weight {
        match self {
            Self::Title => Weight::Bold,
            Self::Caption => Weight::Medium,
        }
    }
}

/// All that shapes the movie's sound.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SoundRecipe {
    /// Length in samples at 48 kHz.
    pub samples: u64,
    /// Mixed in this order.
    pub cues: Vec<SoundCue>,
    /// Integrated loudness to reach, in hundredths of a LUFS.
    pub loudness: i32,
    #[serde(default, skip_serializing_if = "SoundCodec::is_aac")]
    pub codec: SoundCodec,
}

/// A still beside the movie.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PosterRecipe {
    pub segment: SegmentRecipe,
    /// The frame of the segment.
    pub at: u32,
    pub format: PictureFormat,
}

/// A loop beside the movie.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PreviewRecipe {
    /// In order, one after the other.
    pub segments: Vec<SegmentRecipe>,
    /// Of the segments' frames, one of so many is shown.
    pub every: u32,
    pub format: PictureFormat,
}

/// How the sound is encoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoundCodec {
    #[default]
    Aac,
    /// As WebM has it.
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
    /// Where in the movie it starts.
    pub start: u64,
    pub samples: u64,
    /// Where in the source it starts.
    pub from: u64,
    /// How fast it is heard, at its own pitch.
    #[serde(default, skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
    /// Level change in hundredths of a decibel.
    pub gain: i32,
    /// Length of the fade in, within the cue: a quarter of a sine, so that two sounds whose fades lie over each
    /// other keep their power.
    pub fade_in: u64,
    /// Length of the fade out, within the cue: a quarter of a cosine.
    pub fade_out: u64,
    /// Lower frequencies are filtered out, in Hz; none where all are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_pass: Option<u32>,
    /// Where it steps back for something else, in the movie's time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ducks: Vec<Duck>,
}

/// A stretch of the movie, in samples, over which a cue is softer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Duck {
    pub start: u64,
    pub end: u64,
    /// By how much, in hundredths of a decibel; negative.
    pub gain: i32,
}
