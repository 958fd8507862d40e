//! Decodes a medium for the analysts of its picture and sound.

use std::path::Path;

use mmm_analysis::net::ModelError;
use mmm_analysis::{BeatAnalyst, BeatEar, FormAnalyst, SoundMeter, photo_facts};
use mmm_base::{Cancel, Time};
use mmm_facts::{
    Beat, ClipPictureFacts, ClipSoundFacts, MediaError, MusicBeatFacts, MusicFormFacts, PhotoFacts, Probe,
};
use mmm_media::{Layout, SoundReader, decode_photo, probe};

use super::rgb_view::rgb_view;
use super::viewing::Viewing;

/// The result of an analysis: facts, or why the medium can't be read. The outer error is a model that fails
/// to run.
pub(super) type Examined<T> = Result<Result<T, MediaError>, ModelError>;

/// The size in pixels at which photos are analysed; larger ones are scaled down while decoding.
const PHOTO_SIDE: u32 = 512;
/// In an intact clip, the last analysed frame is at most this long before the end.
const MOST_TAIL: Time = Time::from_millis(1500);

fn shown_size(probe: &Probe) -> (u32, u32) {
    probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height))
}

/// Returns the facts of a photo.
pub(super) fn photo(path: &Path) -> Result<PhotoFacts, MediaError> {
    let probe = probe(path)?;
    let picture = decode_photo(path, (PHOTO_SIDE, PHOTO_SIDE))?;
    Ok(photo_facts(&rgb_view(&picture)?, shown_size(&probe), probe.camera.is_some()))
}

/// Analyses the picture of a clip. The result is meaningless after a cancellation.
pub(super) fn clip_picture(path: &Path, cancel: &Cancel) -> Result<ClipPictureFacts, MediaError> {
    let probe = probe(path)?;
    let mut viewing = Viewing::open(path, shown_size(&probe), probe.duration.unwrap_or(Time::ZERO))?;
    let last = viewing.run(cancel)?;
    // A header may promise more than the file contains; in a truncated file it does.
    let promised = probe.duration.unwrap_or(last);
    let duration = if last + MOST_TAIL < promised { last } else { promised };
    Ok(viewing.finish(duration.max(last)))
}

/// Analyses the sound of a clip, with or without the model for audio events. Returns empty facts if it has no
/// readable sound. The result is meaningless after a cancellation.
pub(super) fn clip_sound(path: &Path, events: bool, cancel: &Cancel) -> Examined<ClipSoundFacts> {
    let probe = match probe(path) {
        Ok(probe) => probe,
        Err(error) => return Ok(Err(error)),
    };
    if probe.sound.is_none() {
        return Ok(Ok(ClipSoundFacts::default()));
    }
    let mut meter = SoundMeter::new(events)?;
    let heard = listen(path, SoundMeter::RATE_HZ, cancel, &mut |block| meter.samples(block));
    if heard.is_err() {
        return Ok(Ok(ClipSoundFacts::default()));
    }
    meter.finish().map(Ok)
}

/// Finds the beats of a piece of music. The result is meaningless after a cancellation.
pub(super) fn music_beats(path: &Path, ear: BeatEar, cancel: &Cancel) -> Examined<MusicBeatFacts> {
    let mut analyst = BeatAnalyst::new(ear);
    let heard = listen(path, BeatAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block));
    heard.map_or_else(|error| Ok(Err(error)), |()| analyst.finish().map(Ok))
}

/// Finds the form of a piece of music from its beats. The result is meaningless after a cancellation.
pub(super) fn music_form(path: &Path, beats: &[Beat], cancel: &Cancel) -> Result<MusicFormFacts, MediaError> {
    let mut analyst = FormAnalyst::new(beats.to_vec());
    listen(path, FormAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block))?;
    Ok(analyst.finish())
}

/// Passes the sound of a medium to `take` in stereo, block by block.
fn listen(
    path: &Path,
    rate_hz: u32,
    cancel: &Cancel,
    take: &mut dyn FnMut(&[f32]),
) -> Result<(), MediaError> {
    let mut reader = SoundReader::open(path, rate_hz, Layout::Stereo)?;
    let mut block = Vec::new();
    loop {
        let more = reader.read(&mut block)?;
        take(&block);
        if !more || cancel.is_cancelled() {
            return Ok(());
        }
    }
}
