use serde::{Deserialize, Serialize};

use crate::{SubjectBox, SubjectMoment};
use mmm_base::{Score, Time};

/// What was found in one medium.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facts {
    Photo(PhotoFacts),
    Clip(ClipFacts),
    Music(MusicFacts),
}

/// How good a picture is, each by its own measure; docs/facts.md has the formulas.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct PictureQuality {
    /// 0 blurred beyond use … 1 crisp.
    pub sharpness: Score,
    /// 0 black or blown out … 1 well exposed.
    pub exposure: Score,
    /// 0 flat … 1 the whole range.
    pub contrast: Score,
    /// 0 grey … 1 very colourful (Hasler and Süsstrunk 2003).
    pub colourfulness: Score,
    /// Mean luma, 0 black … 1 white.
    pub brightness: Score,
    /// All of these in one figure.
    pub aesthetic: Score,
}

/// Something that speaks against showing a picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issue {
    Blurred,
    Underexposed,
    Overexposed,
    /// One colour, or nearly: a covered lens, a blank page.
    Empty,
    /// Looks like a screenshot or a document.
    Screenshot,
    /// Too few pixels for the frame.
    Small,
    /// Too short to be meant (clips).
    Short,
    /// The camera shakes beyond watching (clips).
    Shaky,
}

/// A perceptual hash of 64 bits; near pictures differ in few bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct PictureHash(pub u64);

impl PictureHash {
    /// In how many of the 64 bits the two differ.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

/// The facts of a photo.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PhotoFacts {
    pub look: PictureQuality,
    pub issues: Vec<Issue>,
    pub hash: PictureHash,
    /// Where the eye goes: x and y from the top left of the upright picture, 0..=1.
    pub focus: (Score, Score),
    /// What matters, the weightiest first; empty where nothing stands out.
    pub subjects: Vec<SubjectBox>,
}

/// How much moves in a clip.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MotionLevel {
    #[default]
    Static,
    Slow,
    Medium,
    Fast,
}

/// The facts of a clip: what is seen in it and what is heard.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ClipFacts {
    #[serde(flatten)]
    pub picture: ClipPictureFacts,
    #[serde(flatten)]
    pub sound: ClipSoundFacts,
}

/// What is seen in a clip.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ClipPictureFacts {
    /// Length of what can be decoded.
    pub duration: Time,
    pub look: PictureQuality,
    pub issues: Vec<Issue>,
    pub motion: MotionLevel,
    /// The source's own shots, in order; at least one. Between two shots is a gap: the stretch
    /// in which the source cuts or dissolves, known to the distance of the analysed pictures.
    pub shots: Vec<SourceShot>,
    /// One measure for each stretch of `sample_step`, from the start.
    pub samples: Vec<ClipSample>,
    /// Distance between two of `samples`.
    pub sample_step: Time,
    /// What matters at each time that was looked at, in order.
    pub subjects: Vec<SubjectMoment>,
    /// The best moment: a time inside one of `shots`, in the middle of what is worth seeing.
    pub best: Time,
}

/// What is heard in a clip; nothing in one without sound.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ClipSoundFacts {
    /// There is sound above silence.
    pub has_sound: bool,
    /// Integrated loudness of the clip's sound in hundredths of a LUFS; none if silent.
    pub loudness: Option<i32>,
    /// Loudness of each stretch of [`ClipFacts::LEVEL_STEP`] of its sound from the start (momentary loudness,
    /// ITU-R BS.1770) in hundredths of a LUFS; −7000 where there is silence.
    pub levels: Vec<i32>,
    /// What is heard, in order of time; stretches of different kinds may overlap.
    pub sounds: Vec<SoundStretch>,
}

impl ClipFacts {
    /// Distance between two of `levels`, and what each covers.
    pub const LEVEL_STEP: Time = Time::from_millis(400);
}

/// A stretch of a clip in which something is heard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundStretch {
    pub start: Time,
    pub end: Time,
    pub kind: SoundKind,
    /// How sure it is, 0..=1.
    pub confidence: Score,
}

/// What is heard in a clip.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoundKind {
    Speech,
    Singing,
    Music,
    /// Loud and without any of these: traffic, applause, machines.
    Noise,
    /// Wind on the microphone.
    Wind,
    Silence,
}

/// A stretch of a clip without a cut in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SourceShot {
    pub start: Time,
    pub end: Time,
}

/// The picture at one sampled time of a clip.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ClipSample {
    pub time: Time,
    /// How good it looks, as [`PictureQuality::aesthetic`].
    pub aesthetic: Score,
    /// How much changes up to the next sample, 0 nothing … 1 everything.
    pub motion: Score,
    pub hash: PictureHash,
}

/// The facts of a piece of music: its beats, and its form on them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MusicFacts {
    #[serde(flatten)]
    pub beat: MusicBeatFacts,
    #[serde(flatten)]
    pub form: MusicFormFacts,
}

/// The beats of a piece of music.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MusicBeatFacts {
    /// Beats a minute in thousandths; 0 where there are no beats.
    pub tempo_milli_bpm: u32,
    /// What a bar is counted in: 4, 3, or 6 for 6/8.
    pub meter: u8,
    /// How sure the beats are in the mean, 0..=1; 0 where there are none.
    pub confidence: Score,
    /// In order of time.
    pub beats: Vec<Beat>,
}

/// How a piece of music is built and how it feels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MusicFormFacts {
    pub duration: Time,
    /// Where notes begin, in order of time.
    pub onsets: Vec<Time>,
    pub sections: Vec<Section>,
    pub events: Vec<Event>,
    pub energy: EnergyCurve,
    /// Integrated loudness in hundredths of a LUFS (EBU R128); none if silent.
    pub loudness: Option<i32>,
    pub vibe: Vibe,
}

impl MusicBeatFacts {
    /// Beats from one downbeat to the next, and how far the count goes on from beat to beat: in 6/8 it may
    /// be that only the first and the fourth eighth are beats.
    pub fn bar(&self) -> (u8, u8) {
        let all_of_three = || self.beats.iter().all(|beat| matches!(beat.position, None | Some(1 | 4)));
        if self.meter == 6 && all_of_three() { (2, 3) } else { (self.meter.max(1), 1) }
    }
}

/// One beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Beat {
    pub time: Time,
    /// 1 on the downbeat, up to the meter (1 and 4 for beats of three eighths in 6/8); none where the bars are not known, as in a list by hand.
    pub position: Option<u8>,
    pub confidence: Score,
}

/// A part of the music.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Section {
    pub start: Time,
    pub end: Time,
    /// Alike parts have the same letter.
    pub label: String,
    pub kind: SectionKind,
    /// How loud, deep and busy it is among the parts of this piece, 0 least … 1 most.
    pub energy: Score,
    /// Where the energy goes within it.
    pub course: Course,
}

/// Where the energy of a part of the music goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    Building,
    Peak,
    Dropping,
    Steady,
}

/// The work that a part does in the song.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionKind {
    Intro,
    Build,
    Peak,
    Break,
    Outro,
    /// None of these stands out.
    Body,
}

/// Something that happens in the music at one time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Event {
    pub time: Time,
    pub kind: EventKind,
    /// How much a cut wants to be there, 0..=1.
    pub sync: Score,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// The energy comes in at once, the bass above all.
    Drop,
    /// The music stops for a moment.
    Stop,
    /// A part begins without either.
    Section,
}

/// Energy over time at a fixed rate: the value `i` covers from `i / rate_hz` seconds on.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct EnergyCurve {
    #[serde(rename = "rate")]
    pub rate_hz: u32,
    pub values: Vec<Score>,
}

impl EnergyCurve {
    /// The mean energy from `start` to `end`; zero outside of the music.
    pub fn mean(&self, start: Time, end: Time) -> Score {
        let index = |time: Time| (time.micros().max(0) as u64 * u64::from(self.rate_hz) / 1_000_000) as usize;
        let first = index(start).min(self.values.len());
        let last = index(end).max(first + 1).min(self.values.len());
        let part = &self.values[first..last];
        if part.is_empty() {
            return Score::ZERO;
        }
        Score::new(part.iter().map(|value| value.get()).sum::<f64>() / part.len() as f64)
    }
}

/// How the music feels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Vibe {
    pub danceability: Score,
    pub energy: Score,
    /// How much of the sound is high.
    pub brightness: Score,
    /// Onsets a second in hundredths.
    pub onset_density: u32,
    /// How pleasant: 0 sad or tense … 1 happy (Russell's circumplex, 1980).
    pub valence: Score,
    pub mood: Mood,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Pleasant and lively.
    Happy,
    /// Nothing stands out.
    Neutral,
    /// Pleasant, or neither, and quiet.
    Calm,
    /// Unpleasant and lively.
    Tense,
    /// Unpleasant and quiet.
    Sad,
}
