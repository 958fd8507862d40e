use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::clip::headers;
use super::file_part::FilePart;
use super::kind::{self, Sniffed};
use super::mark::is_our_picture;
use super::motion;
use super::photo::exif;
use super::photo::header::{self, Header};
use super::photo_format::PhotoFormat;
use super::sound::{Layout, SoundReader};
use mmm_facts::OUR_MARK;
use mmm_facts::{MediaError, MediaKind, MotionPart, PictureStream, Probe, Said, StoredPicture};
use mmm_spec::XmpMotion;

/// How many bytes are read at a time where most of what follows is skipped.
const HEAD_BYTES: usize = 512;

/// The rate at which the first samples of a song are decoded, in Hz; any will do.
const TRIAL_HZ: u32 = 48_000;

/// Reads what a file's headers say, whatever its name is. Of a song, also decodes the first samples.
///
/// # Errors
/// If the file can't be read or is not supported media, or if nothing of a song can be decoded.
pub fn probe(path: &Path) -> Result<Probe, MediaError> {
    let mut file = kind::open(path)?;
    let bytes = file.metadata()?.len();
    match kind::sniff(&mut file)? {
        Sniffed::Photo(format) => {
            let ours = is_our_picture(path)?.then(|| OUR_MARK.to_owned());
            Ok(Probe { comment: ours, ..photo(file, format, bytes)? })
        }
        Sniffed::Container => {
            let probe = headers::probe(file, bytes)?;
            // With several tracks, the spec may choose another one.
            if probe.kind == MediaKind::Music && probe.sounds.is_empty() {
                SoundReader::open(path, TRIAL_HZ, Layout::Stereo)?.read(&mut Vec::new())?;
            }
            Ok(probe)
        }
        Sniffed::Refused(error) => Err(error),
    }
}

fn photo(mut file: File, format: PhotoFormat, bytes: u64) -> Result<Probe, MediaError> {
    let Header { stored, orientation, color } = header::read(BufReader::new(&mut file), format)?;
    file.rewind()?;
    let exif = exif::read(&mut BufReader::with_capacity(HEAD_BYTES, file.by_ref()), format)?;
    let motion = motion_part(&mut file, format, exif.motion)?;
    let orientation = orientation.unwrap_or(exif.orientation);
    let (width, height) = if orientation.is_sideways() { (stored.1, stored.0) } else { stored };
    let mut said = Said::default();
    for (source, remarks) in &exif.remarks {
        said.add(remarks, *source, Some(StoredPicture { size: stored, orientation }));
    }
    let name = format.name().to_owned();
    let picture = PictureStream {
        width,
        height,
        orientation,
        codec: name.clone(),
        rate: None,
        variable_rate: false,
        color,
    };
    Ok(Probe {
        kind: MediaKind::Photo,
        format: name,
        bytes,
        picture: Some(picture),
        sound: None,
        pictures: Vec::new(),
        sounds: Vec::new(),
        duration: None,
        taken: exif.taken,
        place: exif.place,
        camera: exif.camera,
        comment: None,
        said,
        live_id: exif.live_id,
        still_at: None,
        motion,
    })
}

/// Reads the headers of the moving picture in the file of a photo.
///
/// # Errors
/// If the disk can't be read. That the moving picture can't be played is an answer.
fn motion_part(
    file: &mut File,
    format: PhotoFormat,
    said: Option<XmpMotion>,
) -> Result<Option<MotionPart>, MediaError> {
    let Some(place) = motion::locate(file, format, said)? else { return Ok(None) };
    let read = place.and_then(|motion::MotionPlace { bytes: (from, to), still }| {
        let part = FilePart::of(file.try_clone()?, (from, to))?;
        let clip = headers::probe_part(part, to - from, still)?;
        if clip.kind != MediaKind::Clip {
            return Err(MediaError::NoPicture);
        }
        // The photo says when and where, and what people said.
        let (taken, place, camera) = (None, None, None);
        Ok(Probe { taken, place, camera, comment: None, said: Said::default(), ..clip })
    });
    match read {
        Ok(clip) => Ok(Some(MotionPart::Clip(Box::new(clip)))),
        Err(error) if error.is_transient() => Err(error),
        Err(error) => Ok(Some(MotionPart::Unreadable(error))),
    }
}
