//! Decodes a medium for those who look at it and listen to it.

use std::path::Path;

use super::viewing::Viewing;
use crate::analysis::{
    ClipFacts, Facts, MusicAnalyst, MusicFacts, PhotoFacts, RgbView, SoundFacts, SoundMeter, photo_facts,
};
use crate::base::{Cancel, Time};
use crate::media::{Layout, MediaError, MediaKind, Probe, RgbPicture, SoundReader, decode_photo, probe};

/// Photos are looked at when they are at least this large; larger ones are reduced in decoding.
const PHOTO_SIDE: u32 = 512;

/// Samples a second at which the sound of clips is measured.
const SOUND_HZ: u32 = 48_000;

/// What is in a medium of a kind.
///
/// # Errors
/// When it can't be read; after a cancellation the error means nothing.
pub(super) fn facts(path: &Path, kind: MediaKind, cancel: &Cancel) -> Result<Facts, MediaError> {
    let probe = probe(path)?;
    match kind {
        MediaKind::Photo => photo(path, &probe).map(Facts::Photo),
        MediaKind::Clip => clip(path, &probe, cancel).map(Facts::Clip),
        MediaKind::Music => music(path, cancel).map(Facts::Music),
    }
}

fn shown_size(probe: &Probe) -> (u32, u32) {
    probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height))
}

fn photo(path: &Path, probe: &Probe) -> Result<PhotoFacts, MediaError> {
    let picture = decode_photo(path, (PHOTO_SIDE, PHOTO_SIDE))?;
    Ok(photo_facts(&view(&picture)?, shown_size(probe), probe.camera.is_some()))
}

pub(super) fn view(picture: &RgbPicture) -> Result<RgbView<'_>, MediaError> {
    RgbView::new(picture.width, picture.height, &picture.pixels).ok_or(MediaError::NoPicture)
}

fn clip(path: &Path, probe: &Probe, cancel: &Cancel) -> Result<ClipFacts, MediaError> {
    let mut viewing = Viewing::open(path, shown_size(probe), probe.duration.unwrap_or(Time::ZERO))?;
    let last = viewing.run(cancel)?;
    // A header may promise more than the file holds, and a cut file does.
    let promised = probe.duration.unwrap_or(last);
    let duration = if last + MOST_TAIL < promised { last } else { promised };
    let sound = probe.sound.as_ref().and_then(|_| sound(path, cancel).ok());
    Ok(viewing.finish(duration.max(last), sound))
}

/// The last frame that is looked at may stand this long before the end of a whole clip.
const MOST_TAIL: Time = Time::from_millis(1500);

fn sound(path: &Path, cancel: &Cancel) -> Result<SoundFacts, MediaError> {
    let mut reader = SoundReader::open(path, SOUND_HZ, Layout::Stereo)?;
    let mut meter = SoundMeter::new(SOUND_HZ, 2);
    let mut block = Vec::new();
    while !cancel.is_cancelled() && reader.read(&mut block)? {
        meter.samples(&block);
    }
    meter.samples(&block);
    Ok(meter.finish())
}

fn music(path: &Path, cancel: &Cancel) -> Result<MusicFacts, MediaError> {
    let mut reader = SoundReader::open(path, MusicAnalyst::RATE_HZ, Layout::Stereo)?;
    let mut analyst = MusicAnalyst::new();
    let mut block = Vec::new();
    loop {
        let more = reader.read(&mut block)?;
        analyst.samples(&block);
        if !more || cancel.is_cancelled() {
            return Ok(analyst.finish());
        }
    }
}
