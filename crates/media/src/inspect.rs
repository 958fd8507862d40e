use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::clip::headers;
use super::kind::{self, Sniffed};
use super::mark::is_our_picture;
use super::photo::exif;
use super::photo::header::{self, Header};
use super::photo_format::PhotoFormat;
use mmm_facts::OUR_MARK;
use mmm_facts::{MediaError, MediaKind, PictureStream, Probe};

/// How many bytes are read at a time where most of what follows is skipped.
const HEAD_BYTES: usize = 512;

/// Reads what a file's headers say, whatever its name is.
///
/// # Errors
/// If the file can't be read or is not supported media.
pub fn probe(path: &Path) -> Result<Probe, MediaError> {
    let mut file = kind::open(path)?;
    let bytes = file.metadata()?.len();
    match kind::sniff(&mut file)? {
        Sniffed::Photo(format) => {
            let ours = is_our_picture(path)?.then(|| OUR_MARK.to_owned());
            Ok(Probe { comment: ours, ..photo(file, format, bytes)? })
        }
        Sniffed::Container => headers::probe(file, bytes),
        Sniffed::Refused(error) => Err(error),
    }
}

fn photo(mut file: File, format: PhotoFormat, bytes: u64) -> Result<Probe, MediaError> {
    let Header { stored, orientation, color } = header::read(BufReader::new(&mut file), format)?;
    file.rewind()?;
    let exif = exif::read(&mut BufReader::with_capacity(HEAD_BYTES, file.by_ref()), format)?;
    let orientation = orientation.unwrap_or(exif.orientation);
    let (width, height) = if orientation.is_sideways() { (stored.1, stored.0) } else { stored };
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
    })
}
