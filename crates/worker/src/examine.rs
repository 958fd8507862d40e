//! Decodes a medium for the analysts that look at it and listen to it.

use std::path::Path;

use mmm_analysis::net::NetError;
use mmm_analysis::{BeatAnalyst, BeatEar, FormAnalyst, SoundMeter, photo_facts};
use mmm_base::{Cancel, Time};
use mmm_facts::{
    Beat, ClipPictureFacts, ClipSoundFacts, MediaError, MusicBeatFacts, MusicFormFacts, PhotoFacts, Probe,
};
use mmm_media::{Layout, SoundReader, decode_photo, probe};

use super::rgb_view::rgb_view;
use super::viewing::Viewing;

/// What an analysis gave: facts, or why the medium can't be read; the outer error is of a model that does not run.
pub(super) type Examined<T> = Result<Result<T, MediaError>, NetError>;

/// Photos are looked at when they are at least this large; larger ones are reduced in decoding.
const PHOTO_SIDE: u32 = 512;
/// The last frame that is looked at may be this long before the end of a whole clip.
const MOST_TAIL: Time = Time::from_millis(1500);

fn shown_size(probe: &Probe) -> (u32, u32) {
    probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height))
}

/// The facts of a photo.
pub(super) fn photo(path: &Path) -> Result<PhotoFacts, MediaError> {
    let probe = probe(path)?;
    let picture = decode_photo(path, (PHOTO_SIDE, PHOTO_SIDE))?;
    Ok(photo_facts(&rgb_view(&picture)?, shown_size(&probe), probe.camera.is_some()))
}

/// What is seen in a clip; after a cancellation the answer means nothing.
pub(super) fn clip_picture(path: &Path, cancel: &Cancel) -> Result<ClipPictureFacts, MediaError> {
    let probe = probe(path)?;
    let mut viewing = Viewing::open(path, shown_size(&probe), probe.duration.unwrap_or(Time::ZERO))?;
    let last = viewing.run(cancel)?;
    // A header may promise more than the file holds, and a cut file does.
    let promised = probe.duration.unwrap_or(last);
    let duration = if last + MOST_TAIL < promised { last } else { promised };
    Ok(viewing.finish(duration.max(last)))
}

/// What is heard in a clip, with the model for audio events or without; nothing where it has no sound that can be
/// read. After a cancellation the answer means nothing.
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

/// The beats of a piece of music; after a cancellation the answer means nothing.
pub(super) fn music_beats(path: &Path, ear: BeatEar, cancel: &Cancel) -> Examined<MusicBeatFacts> {
    let mut analyst = BeatAnalyst::new(ear);
    let heard = listen(path, BeatAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block));
    heard.map_or_else(|error| Ok(Err(error)), |()| analyst.finish().map(Ok))
}

/// The form of a piece of music on its beats; after a cancellation the answer means nothing.
pub(super) fn music_form(path: &Path, beats: &[Beat], cancel: &Cancel) -> Result<MusicFormFacts, MediaError> {
    let mut analyst = FormAnalyst::new(beats.to_vec());
    listen(path, FormAnalyst::RATE_HZ, cancel, &mut |block| analyst.samples(block))?;
    Ok(analyst.finish())
}

/// Hands on the sound of a medium in stereo, block by block.
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
