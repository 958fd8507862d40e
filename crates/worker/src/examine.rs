//! Decodes a medium for the analysts of its picture and sound.

use std::path::Path;

use mmm_analysis::{
    BeatAnalyst, BeatEar, FormAnalyst, ImageTower, LevelMeter, SoundMeter, photo_facts, see, subject_mask,
};
use mmm_base::{Cancel, Time};
use mmm_facts::{
    Beat, ClipPictureFacts, ClipSoundFacts, Decodability, Embedding, MediaError, MusicBeatFacts,
    MusicFormFacts, PhotoFacts, Probe, SoundTrack, SubjectMask, TrackLevel,
};
use mmm_media::{ClipReader, ClipScaler, Layout, RgbPicture, SoundReader, decode_photo, probe};

use super::examined::Examined;
use super::rgb_view::rgb_view;
use super::viewing::Viewing;

/// The size in pixels at which photos are analysed; larger ones are scaled down while decoding.
const PHOTO_SIDE: u32 = 512;
/// In an intact clip, the last analysed frame is at most this long before the end.
const MOST_TAIL: Time = Time::from_millis(1500);

/// What is wrong with sound that was read to its end.
struct Heard {
    /// Whether parts of it can't be decoded or are missing.
    damaged: bool,
    /// The length according to the headers, if clearly less was read.
    promised: Option<Time>,
}

fn shown_size(probe: &Probe) -> (u32, u32) {
    probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height))
}

/// Returns the facts of a photo, with or without what models see in it. It is decoded once.
pub(super) fn photo(path: &Path, sees: bool) -> Examined<PhotoFacts> {
    let decoded = probe(path).and_then(|probe| Ok((probe, decode_photo(path, (PHOTO_SIDE, PHOTO_SIDE))?)));
    let (probe, picture) = match decoded {
        Ok(decoded) => decoded,
        Err(error) => return Ok(Err(error)),
    };
    let view = match rgb_view(&picture) {
        Ok(view) => view,
        Err(error) => return Ok(Err(error)),
    };
    let sight = if sees { Some(see(&view)?) } else { None };
    Ok(Ok(photo_facts(&view, shown_size(&probe), probe.camera.is_some(), sight)))
}

/// Returns where a model sees the subject of a photo.
pub(super) fn photo_mask(path: &Path) -> Examined<SubjectMask> {
    let picture = match decode_photo(path, (PHOTO_SIDE, PHOTO_SIDE)) {
        Ok(picture) => picture,
        Err(error) => return Ok(Err(error)),
    };
    match rgb_view(&picture) {
        Ok(view) => Ok(Ok(subject_mask(&view)?)),
        Err(error) => Ok(Err(error)),
    }
}

/// Returns what a user's own model makes of a photo, or of the picture that a clip shows at a time.
pub(super) fn picture_embedding(path: &Path, at: Option<Time>, tower: &ImageTower) -> Examined<Embedding> {
    let side = PHOTO_SIDE.max(tower.side() as u32);
    let picture = match at {
        None => decode_photo(path, (side, side)),
        Some(time) => clip_picture_at(path, time, side),
    };
    match picture.and_then(|picture| rgb_view(&picture).map(|view| tower.embed(&view))) {
        Ok(embedding) => embedding.map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// Returns the upright picture that a clip shows at a time, the shorter side about `side` pixels unless it is smaller.
fn clip_picture_at(path: &Path, time: Time, side: u32) -> Result<RgbPicture, MediaError> {
    let mut reader = ClipReader::open(path)?;
    reader.seek_to_show(time)?;
    let mut shown = None;
    while let Some(frame) = reader.next()? {
        if shown.is_some() && frame.time > time {
            break;
        }
        shown = Some(frame);
    }
    let frame = shown.ok_or(MediaError::NoPicture)?;
    let (width, height) = frame.shown_size();
    let (longer, shorter) = (u64::from(width.max(height)), u64::from(width.min(height).max(1)));
    let most = (u64::from(side) * longer / shorter).min(4 * u64::from(side));
    ClipScaler::default().to_small_rgb(&frame, u32::try_from(most).unwrap_or(side))
}

/// Analyses the picture of a clip, or the moving picture of a photo, with or without what models see in it. The
/// result is meaningless after a cancellation.
pub(super) fn clip_picture(path: &Path, sees: bool, cancel: &Cancel) -> Examined<ClipPictureFacts> {
    let viewed = probe(path).and_then(Probe::moving).and_then(|probe| {
        let length = probe.duration.unwrap_or(Time::ZERO);
        let mut viewing = Viewing::open(path, shown_size(&probe), length, sees)?;
        let last = viewing.run(cancel)?;
        Ok((probe, viewing, last))
    });
    let (probe, viewing, last) = match viewed {
        Ok(viewed) => viewed,
        Err(error) => return Ok(Err(error)),
    };
    // A header may promise more than the file contains; in a truncated file it does.
    let promised = probe.duration.unwrap_or(last);
    let duration = if last + MOST_TAIL < promised { last } else { promised };
    viewing.finish(duration.max(last))
}

/// Analyses the sound of a clip, with or without the model for audio events. Returns empty facts if it has
/// no sound. `track` is the number of the sound track, counted from 1; if it is `None` and next to
/// nothing is heard, the other tracks are measured as well. The result is meaningless after a cancellation.
pub(super) fn clip_sound(
    path: &Path,
    track: Option<u8>,
    events: bool,
    cancel: &Cancel,
) -> Examined<ClipSoundFacts> {
    let probe = match probe(path).and_then(Probe::moving) {
        Ok(probe) => probe,
        Err(error) => return Ok(Err(error)),
    };
    if probe.sound.is_none() {
        return Ok(Ok(ClipSoundFacts::default()));
    }
    let mut meter = SoundMeter::new(events)?;
    let heard = listen((path, track), SoundMeter::RATE_HZ, cancel, &mut |block| meter.samples(block));
    let mut facts = match heard {
        Ok(_) => meter.finish()?,
        Err(error) if error.is_transient() => return Ok(Err(error)),
        Err(_) => ClipSoundFacts { is_undecodable: true, ..ClipSoundFacts::default() },
    };
    if track.is_none() && facts.is_nearly_silent() {
        facts.others = other_tracks(path, &probe, cancel);
    }
    Ok(Ok(facts))
}

/// Returns how loud the sound tracks of a clip are that are not heard, except silent ones.
fn other_tracks(path: &Path, probe: &Probe, cancel: &Cancel) -> Vec<TrackLevel> {
    let other = |track: &SoundTrack| !track.is_chosen && track.decodable == Decodability::Decodable;
    let numbered = (1..=u8::MAX).zip(&probe.sounds).filter(|(_, track)| other(track));
    let level = |number: u8| {
        let mut meter = LevelMeter::new();
        let each = &mut |block: &[f32]| meter.samples(block);
        listen((path, Some(number)), SoundMeter::RATE_HZ, cancel, each).ok()?;
        let (loudness, levels) = meter.finish();
        Some(TrackLevel { track: number, loudness: loudness?, audible: ClipSoundFacts::audible(&levels) })
    };
    numbered.filter_map(|(number, _)| level(number)).collect()
}

/// Finds the beats of a piece of music. The result is meaningless after a cancellation.
pub(super) fn music_beats(
    path: &Path,
    track: Option<u8>,
    ear: BeatEar,
    cancel: &Cancel,
) -> Examined<MusicBeatFacts> {
    let mut analyst = BeatAnalyst::new(ear);
    let heard = listen((path, track), BeatAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block));
    match heard {
        Ok(Heard { damaged, promised }) => {
            analyst.finish().map(|facts| Ok(MusicBeatFacts { damaged, promised, ..facts }))
        }
        Err(error) => Ok(Err(error)),
    }
}

/// Finds the form of a piece of music from its beats. The result is meaningless after a cancellation.
pub(super) fn music_form(
    path: &Path,
    track: Option<u8>,
    beats: &[Beat],
    cancel: &Cancel,
) -> Result<MusicFormFacts, MediaError> {
    let mut analyst = FormAnalyst::new(beats.to_vec());
    listen((path, track), FormAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block))?;
    Ok(analyst.finish())
}

/// Passes the sound of a medium to `take` in stereo, block by block: the track of this number, counted from 1,
/// or the one that is chosen.
fn listen(
    (path, track): (&Path, Option<u8>),
    rate_hz: u32,
    cancel: &Cancel,
    take: &mut dyn FnMut(&[f32]),
) -> Result<Heard, MediaError> {
    let mut reader = SoundReader::open_track(path, track, rate_hz, Layout::Stereo)?;
    let mut block = Vec::new();
    loop {
        let more = reader.read(&mut block)?;
        take(&block);
        if !more || cancel.is_cancelled() {
            return Ok(Heard { damaged: reader.is_damaged(), promised: reader.missed() });
        }
    }
}
