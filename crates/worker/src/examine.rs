//! Decodes a medium for those who look at it and listen to it.

use std::path::Path;

use super::viewing::Viewing;
use mmm_analysis::net::NetError;
use mmm_analysis::{BeatEar, MusicAnalyst, RgbView, SoundFacts, SoundMeter, photo_facts};
use mmm_base::{Cancel, Time};
use mmm_facts::{ClipFacts, Facts, MusicFacts, PhotoFacts};
use mmm_facts::{MediaError, MediaKind, Probe};
use mmm_media::{Layout, RgbPicture, SoundReader, decode_photo, probe};

/// The nets, and the bytes of the user's own.
pub(super) enum OpenNets {
    None,
    BuiltIn,
    /// In ONNX form, as Beat This! is.
    WithBeats {
        spectrogram: Vec<u8>,
        beats: Vec<u8>,
    },
}

/// Photos are looked at when they are at least this large; larger ones are reduced in decoding.
const PHOTO_SIDE: u32 = 512;

/// What is in a medium of a kind, with the nets or without; the inner error is the medium's: it
/// can't be read. After a cancellation the answer means nothing.
///
/// # Errors
/// When a net does not run.
pub(super) fn facts(
    path: &Path,
    kind: MediaKind,
    nets: &OpenNets,
    cancel: &Cancel,
) -> Result<Result<Facts, MediaError>, NetError> {
    let probe = match probe(path) {
        Ok(probe) => probe,
        Err(error) => return Ok(Err(error)),
    };
    Ok(match kind {
        MediaKind::Photo => photo(path, &probe).map(Facts::Photo),
        MediaKind::Clip => return clip(path, &probe, nets, cancel).map(|facts| facts.map(Facts::Clip)),
        MediaKind::Music => return music(path, nets, cancel).map(|facts| facts.map(Facts::Music)),
    })
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

fn clip(
    path: &Path,
    probe: &Probe,
    nets: &OpenNets,
    cancel: &Cancel,
) -> Result<Result<ClipFacts, MediaError>, NetError> {
    let seen = Viewing::open(path, shown_size(probe), probe.duration.unwrap_or(Time::ZERO))
        .and_then(|mut viewing| viewing.run(cancel).map(|last| (viewing, last)));
    let (viewing, last) = match seen {
        Ok(seen) => seen,
        Err(error) => return Ok(Err(error)),
    };
    // A header may promise more than the file holds, and a cut file does.
    let promised = probe.duration.unwrap_or(last);
    let duration = if last + MOST_TAIL < promised { last } else { promised };
    let sound = match probe.sound {
        Some(_) => sound(path, nets, cancel)?,
        None => None,
    };
    Ok(Ok(viewing.finish(duration.max(last), sound)))
}

/// The last frame that is looked at may stand this long before the end of a whole clip.
const MOST_TAIL: Time = Time::from_millis(1500);

/// What is heard in a clip; none where its sound can't be read.
fn sound(path: &Path, nets: &OpenNets, cancel: &Cancel) -> Result<Option<SoundFacts>, NetError> {
    let mut meter = SoundMeter::new(!matches!(nets, OpenNets::None))?;
    let heard = listen(path, (SoundMeter::RATE_HZ, Layout::Stereo), cancel, &mut |block| {
        meter.samples(block);
    });
    heard.ok().map(|()| meter.finish()).transpose()
}

fn music(path: &Path, nets: &OpenNets, cancel: &Cancel) -> Result<Result<MusicFacts, MediaError>, NetError> {
    let beats = match nets {
        OpenNets::None => BeatEar::Flux,
        OpenNets::BuiltIn => BeatEar::built_in(),
        OpenNets::WithBeats { spectrogram, beats } => BeatEar::own(spectrogram.clone(), beats.clone())?,
    };
    let mut analyst = MusicAnalyst::new(beats);
    let heard = listen(path, (MusicAnalyst::RATE_HZ, Layout::Stereo), cancel, &mut |block| {
        analyst.samples(block);
    });
    heard.map_or_else(|error| Ok(Err(error)), |()| analyst.finish().map(Ok))
}

/// Hands on the sound of a medium, block by block.
fn listen(
    path: &Path,
    (rate_hz, layout): (u32, Layout),
    cancel: &Cancel,
    take: &mut dyn FnMut(&[f32]),
) -> Result<(), MediaError> {
    let mut reader = SoundReader::open(path, rate_hz, layout)?;
    let mut block = Vec::new();
    loop {
        let more = reader.read(&mut block)?;
        take(&block);
        if !more || cancel.is_cancelled() {
            return Ok(());
        }
    }
}
