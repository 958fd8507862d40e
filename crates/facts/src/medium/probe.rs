use serde::{Deserialize, Serialize};

use super::geo_place::GeoPlace;
use super::media_error::MediaError;
use super::orientation::Orientation;
use super::said::{Said, StoredPicture};
use super::tracks::{Decodability, PictureTrack, SoundStream, SoundTrack, TrackTrouble};
use mmm_base::{CaptureTime, Rate, Time};

/// The kind of a file, by its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    Photo,
    Clip,
    /// Sound without video; cover art does not count.
    Music,
}

/// What the headers of a file say, read without decoding it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Probe {
    pub kind: MediaKind,
    /// `jpeg`, `png`, `webp`, … for photos; the container's short name for clips and music.
    pub format: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    pub picture: Option<PictureStream>,
    pub sound: Option<SoundStream>,
    /// All pictures of a clip in the order of the file, if there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureTrack>,
    /// All sound tracks in the order of the file, if there are several or one can't be decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sounds: Vec<SoundTrack>,
    /// Length of clips and music; `None` for photos.
    pub duration: Option<Time>,
    pub taken: Option<CaptureTime>,
    pub place: Option<GeoPlace>,
    /// Make and model of the camera, as the file names them.
    pub camera: Option<String>,
    /// The container's comment. For a photo, only our own mark.
    pub comment: Option<String>,
    /// What the file itself says that people said about it.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub said: Said,
    /// The identifier that Apple's devices write into the photo and into the clip of one Live Photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_id: Option<String>,
    /// When the photo was taken with which a clip belongs together, in the time of the clip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still_at: Option<Time>,
    /// The moving picture in the file of a photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<MotionPart>,
}

impl Probe {
    /// Returns the number of the sound track to read if the spec requests track `wanted`, counted from 1;
    /// `None` if that is the track which is read anyway.
    ///
    /// # Errors
    /// If the file has no such track, or it can't be decoded.
    pub fn sound_track(&self, wanted: Option<u8>) -> Result<Option<u8>, TrackTrouble> {
        let Some(number) = wanted else { return Ok(None) };
        let index = usize::from(number).wrapping_sub(1);
        match (self.sounds.get(index), &self.sound) {
            (Some(SoundTrack { is_chosen: true, .. }), _) => Ok(None),
            (Some(SoundTrack { decodable: Decodability::Decodable, .. }), _) => Ok(Some(number)),
            (Some(_), _) => Err(TrackTrouble::Undecodable),
            (None, Some(_)) if self.sounds.is_empty() && number == 1 => Ok(None),
            (None, _) => Err(TrackTrouble::Missing),
        }
    }

    /// Returns the headers of the moving picture: those of a clip, or of the moving picture of a photo.
    ///
    /// # Errors
    /// If there is none, or why it can't be read.
    pub fn moving(self) -> Result<Self, MediaError> {
        match (self.kind, self.motion) {
            (MediaKind::Photo, Some(MotionPart::Clip(clip))) => Ok(*clip),
            (MediaKind::Photo, Some(MotionPart::Unreadable(error))) => Err(error),
            (MediaKind::Photo, None) => Err(MediaError::NoPicture),
            (_, motion) => Ok(Self { motion, ..self }),
        }
    }

    /// Whether two files say that they are of two Live Photos.
    pub fn is_of_other_live_photo(&self, other: &Self) -> bool {
        self.live_id.is_some() && other.live_id.is_some() && self.live_id != other.live_id
    }

    /// Returns how the picture of a photo is stored; `None` for clips and music.
    pub fn stored(&self) -> Option<StoredPicture> {
        let picture = self.picture.as_ref().filter(|_| self.kind == MediaKind::Photo)?;
        let PictureStream { width, height, orientation, .. } = *picture;
        let size = if orientation.is_sideways() { (height, width) } else { (width, height) };
        Some(StoredPicture { size, orientation })
    }

    /// Returns the codecs of the sound if the file has sound and none of it can be decoded.
    pub fn undecodable_sound(&self) -> Vec<&str> {
        let unsupported = self.sounds.iter().filter(|track| track.decodable == Decodability::Unsupported);
        let mut codecs: Vec<&str> = unsupported.map(|track| track.stream.codec.as_str()).collect();
        codecs.dedup();
        if self.sound.is_some() { Vec::new() } else { codecs }
    }
}

/// The moving picture inside the file of a photo.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MotionPart {
    /// Its headers, like those of a clip. Capture time, place and camera are those of the photo.
    Clip(Box<Probe>),
    /// Why it can't be played.
    Unreadable(MediaError),
}

/// The picture as displayed: upright, with square pixels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PictureStream {
    /// Width as displayed, in pixels.
    pub width: u32,
    /// Height as displayed, in pixels.
    pub height: u32,
    /// How the stored picture is turned into the displayed one.
    pub orientation: Orientation,
    /// Codec of the picture stream (`h264`, `hevc`, …); for photos, the format.
    pub codec: String,
    /// Average frames per second (clips).
    pub rate: Option<Rate>,
    /// Whether frames are unevenly spaced in time (clips).
    pub variable_rate: bool,
    pub color: Color,
}

/// The colour tags of a stream, as numbered by ISO/IEC 23091-2; 2 means unspecified.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Color {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub full_range: bool,
    /// Bits per sample.
    pub depth: u8,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::clip;
    use mmm_base::Time;

    #[test]
    fn a_track_is_named_by_its_number_and_only_if_it_is_another_one() {
        let mut probe = clip("a.mp4", 0, Time::from_secs(4)).probe;
        assert_eq!((probe.sound_track(None), probe.sound_track(Some(1))), (Ok(None), Ok(None)));
        assert_eq!(probe.sound_track(Some(2)), Err(TrackTrouble::Missing));
        let stream = SoundStream { codec: "aac".into(), sample_rate_hz: 48_000, channels: 2 };
        let track =
            |decodable, is_chosen| SoundTrack { stream: stream.clone(), title: None, decodable, is_chosen };
        probe.sounds = vec![
            track(Decodability::Unsupported, false),
            track(Decodability::Decodable, true),
            track(Decodability::Decodable, false),
        ];
        let found: Vec<_> = (1..=4).map(|number| probe.sound_track(Some(number))).collect();
        let (missing, undecodable) = (Err(TrackTrouble::Missing), Err(TrackTrouble::Undecodable));
        assert_eq!(found, [undecodable, Ok(None), Ok(Some(3)), missing]);
        assert_eq!(probe.undecodable_sound(), [""; 0]);
        probe.sound = None;
        assert_eq!(probe.undecodable_sound(), ["aac"]);
    }
}
