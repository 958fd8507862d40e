use serde::{Deserialize, Serialize};

use crate::{SceneColours, Sight, SightMoment, SubjectBox, SubjectMoment};
use mmm_base::{Score, Time};

/// What the analysis found in one medium.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facts {
    Photo(PhotoFacts),
    Clip(ClipFacts),
    Music(MusicFacts),
}

impl Facts {
    /// Returns what models see in a photo, or in a clip as a whole; `None` if they were not asked.
    pub fn sight(&self) -> Option<&Sight> {
        match self {
            Self::Photo(facts) => facts.sight.as_deref(),
            Self::Clip(facts) => facts.picture.sight.as_deref(),
            Self::Music(_) => None,
        }
    }
}

/// How good a picture is, as one score per measure; docs/facts.md has the formulas.
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
    /// 0 clean … 1 a standard deviation of 32 of 255 levels (Immerkær 1996).
    #[serde(default)]
    pub noise: Score,
    /// 0 edges are as sharp in all directions … 1 those across one direction are lost: the camera or the
    /// subject moved. Of photos only, as all that follows but the last.
    #[serde(default, skip_serializing_if = "is_default")]
    pub motion_blur: Score,
    /// The share of the picture that is blown out, 0..=1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clipped: Score,
    /// How far the picture leans clockwise, in hundredths of a degree; 0 if level or unknown.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tilt_cdeg: i16,
    /// How sure the tilt is, 0..=1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tilt_certainty: Score,
    /// 0 the subject is badly placed or cut … 1 well placed; `None` if nothing stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<Score>,
    /// The sharpness of the main faces, 0 blurred … 1 crisp; `None` if there are none, or if they are too
    /// small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face_sharpness: Option<Score>,
    /// All of these in one figure.
    pub aesthetic: Score,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A reason not to show a picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issue {
    Blurred,
    Underexposed,
    Overexposed,
    /// One colour, or nearly: a covered lens, a blank page.
    Empty,
    /// Something covered the lens: a black frame, a lens cap, a pocket, a finger.
    Covered,
    /// Looks like a screenshot or a chart.
    Screenshot,
    /// A photo of a written page: a document, a receipt.
    Document,
    /// Too few pixels for the frame.
    Small,
    /// A clip too short to be intentional.
    Short,
    /// A clip too shaky to watch.
    Shaky,
}

/// A perceptual hash of 64 bits; the hashes of similar pictures differ in few bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct PictureHash(pub u64);

impl PictureHash {
    /// Two pictures are the same if at most this many bits differ.
    pub const SAME: u32 = 4;
    /// Two pictures are similar if at most this many bits differ.
    pub const SIMILAR: u32 = 10;

    /// Returns how many of the 64 bits differ.
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
    /// The point that attracts the eye: x and y from the top left of the upright picture, 0..=1.
    pub focus: (Score, Score),
    /// The subjects, the most important first; empty if nothing stands out.
    pub subjects: Vec<SubjectBox>,
    /// What its colours show.
    #[serde(default)]
    pub colours: SceneColours,
    /// What models see; `None` if they were not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sight: Option<Box<Sight>>,
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

/// The facts of a clip: what is seen and what is heard in it.
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
    /// Length of the part that can be decoded.
    pub duration: Time,
    pub look: PictureQuality,
    pub issues: Vec<Issue>,
    pub motion: MotionLevel,
    /// The source's own shots, in order; at least one. The gap between two shots is the stretch in which the
    /// source cuts or dissolves; it is as precise as the spacing of the analysed frames.
    pub shots: Vec<SourceShot>,
    /// One measurement per `sample_step`, from the start.
    pub samples: Vec<ClipSample>,
    /// Distance between two `samples`.
    pub sample_step: Time,
    /// The subject at each analysed time, in order.
    pub subjects: Vec<SubjectMoment>,
    /// What models see in the clip as a whole; `None` if they were not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sight: Option<Box<Sight>>,
    /// What they see at the times at which they looked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<SightMoment>,
}

/// What is heard in a clip; the default if it has no sound.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ClipSoundFacts {
    /// Whether there is sound above silence.
    pub has_sound: bool,
    /// Integrated loudness of the clip's sound in hundredths of a LUFS; `None` if silent.
    pub loudness: Option<i32>,
    /// Momentary loudness (ITU-R BS.1770) of each [`ClipFacts::LEVEL_STEP`] of the sound from its start, in
    /// hundredths of a LUFS; −7000 in silence.
    pub levels: Vec<i32>,
    /// What is heard, in order of time; stretches of different kinds may overlap.
    pub sounds: Vec<SoundStretch>,
    /// Whether there is sound that can't be decoded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_undecodable: bool,
    /// The side that alone carries the sound; `None` if both do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_sided: Option<StereoSide>,
    /// The other sound tracks of the file, if the one that is heard is silent or nearly so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<TrackLevel>,
}

/// The left or the right channel of sound.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StereoSide {
    Left,
    Right,
}

/// How loud a sound track is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TrackLevel {
    /// Its number among the sound tracks, counted from 1.
    pub track: u8,
    /// Integrated loudness in hundredths of a LUFS.
    pub loudness: i32,
    /// How long it is audible.
    pub audible: Time,
}

impl ClipSoundFacts {
    /// The least momentary loudness, in hundredths of a LUFS, at which a track counts as audible.
    const AUDIBLE: i32 = -5000;
    /// A track that is audible for less than one part in this many is nearly silent.
    const MOSTLY: usize = 10;

    /// Returns how long sound of these momentary levels is audible.
    pub fn audible(levels: &[i32]) -> Time {
        let count = levels.iter().filter(|level| **level > Self::AUDIBLE).count();
        ClipFacts::LEVEL_STEP.scale(count as i64, 1)
    }

    /// Whether next to nothing is heard.
    pub fn is_nearly_silent(&self) -> bool {
        let audible = self.levels.iter().filter(|level| **level > Self::AUDIBLE).count();
        !self.has_sound || audible * Self::MOSTLY < self.levels.len()
    }

    /// Returns the other track in which most is heard, if that is much more than in this one.
    pub fn better_track(&self) -> Option<TrackLevel> {
        let own = Self::audible(&self.levels);
        let most = self.others.iter().filter(|other| other.audible > own.scale(3, 1));
        most.max_by_key(|other| (other.audible, std::cmp::Reverse(other.track))).copied()
    }
}

impl ClipFacts {
    /// Distance between two `levels`, and the length that each covers.
    pub const LEVEL_STEP: Time = Time::from_millis(400);
}

/// A stretch of a clip in which something is heard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SoundStretch {
    pub start: Time,
    pub end: Time,
    pub kind: SoundKind,
    /// How certain the kind is, 0..=1.
    pub confidence: Score,
}

/// What is heard in a clip.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoundKind {
    Speech,
    Singing,
    Music,
    /// Loud, but none of the above: traffic, applause, machines.
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
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ClipSample {
    pub time: Time,
    /// How good the picture is, as [`PictureQuality::aesthetic`].
    pub aesthetic: Score,
    /// How much changes before the next sample, 0 nothing … 1 everything.
    pub motion: Score,
    /// How much moves by itself, apart from the camera, as far as the eye can follow: 0 nothing … 1 a lot.
    pub action: Score,
    /// 0 the camera shakes or swings … 1 it is steady.
    pub steadiness: Score,
    /// How much this moment is worth seeing, 0..=1: the curve by which windows are compared.
    pub appeal: Score,
    pub hash: PictureHash,
}

/// The facts of a piece of music: its beats and its form.
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
    /// Beats per minute in thousandths; 0 if there are no beats.
    pub tempo_milli_bpm: u32,
    /// Counts per bar: 4, 3, or 6 for 6/8.
    pub meter: u8,
    /// Mean confidence of the beats, 0..=1; 0 if there are none.
    pub confidence: Score,
    /// In order of time.
    pub beats: Vec<Beat>,
    /// Whether parts of the sound can't be decoded or are missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub damaged: bool,
    /// The length according to the headers, if clearly less can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Time>,
}

/// How a piece of music is built and how it feels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MusicFormFacts {
    pub duration: Time,
    /// Times at which notes begin, in order.
    pub onsets: Vec<Time>,
    pub sections: Vec<Section>,
    pub events: Vec<Event>,
    pub energy: EnergyCurve,
    /// Integrated loudness in hundredths of a LUFS (EBU R128); `None` if silent.
    pub loudness: Option<i32>,
    /// The times of the first and the last sound, if there is silence before or after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<(Time, Time)>,
    pub vibe: Vibe,
}

impl MusicFormFacts {
    /// Returns the times of the first and the last sound.
    pub fn heard(&self) -> (Time, Time) {
        self.heard.unwrap_or((Time::ZERO, self.duration))
    }
}

impl MusicBeatFacts {
    /// Returns the number of beats per bar, and the step between the positions of two beats. In 6/8 the step
    /// is 3 if only the first and the fourth eighth are beats.
    pub fn bar(&self) -> (u8, u8) {
        let all_of_three = || self.beats.iter().all(|beat| matches!(beat.position, None | Some(1 | 4)));
        if self.meter == 6 && all_of_three() { (2, 3) } else { (self.meter.max(1), 1) }
    }
}

/// One beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Beat {
    pub time: Time,
    /// 1 on the downbeat, up to the meter (1 and 4 for beats of three eighths in 6/8). `None` if the bars are
    /// unknown, as in a list by hand.
    pub position: Option<u8>,
    pub confidence: Score,
}

/// A section of the music.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Section {
    pub start: Time,
    pub end: Time,
    /// Similar sections have the same letter.
    pub label: String,
    pub kind: SectionKind,
    /// How loud, bass-heavy and busy it is relative to the other sections of this music, 0 least … 1 most.
    pub energy: Score,
    /// How the energy changes within it.
    pub course: Course,
}

/// How the energy of a section changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    Building,
    Peak,
    Dropping,
    Steady,
}

/// The role of a section in the music.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionKind {
    Intro,
    Build,
    Peak,
    Break,
    Outro,
    /// None of the others.
    Body,
}

/// Something that happens in the music at one time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Event {
    pub time: Time,
    pub kind: EventKind,
    /// How strongly a cut should fall here, 0..=1.
    pub sync: Score,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// The energy rises suddenly, above all in the bass.
    Drop,
    /// The music stops for a moment.
    Stop,
    /// A section begins without either.
    Section,
}

/// Energy over time at a fixed rate: value `i` applies from `i / rate_hz` seconds on.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct EnergyCurve {
    #[serde(rename = "rate")]
    pub rate_hz: u32,
    pub values: Vec<Score>,
}

impl EnergyCurve {
    /// Returns the mean energy from `start` to `end`; zero outside of the music.
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
    /// The share of high frequencies in the sound.
    pub brightness: Score,
    /// Onsets per second, in hundredths.
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
