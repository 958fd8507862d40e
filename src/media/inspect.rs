use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::clip::headers;
use super::kind::{self, Sniffed};
use super::photo::exif::{self, ExifFacts};
use super::photo::format::PhotoFormat;
use super::photo::header;
use super::{Color, MediaError, MediaKind, Picture, Probe};

/// Reads what a file's headers tell, whatever its name is.
///
/// # Errors
/// When the file cannot be read or is none of the media that are.
pub fn probe(path: &Path) -> Result<Probe, MediaError> {
    let mut file = kind::open(path)?;
    let bytes = file.metadata()?.len();
    match kind::sniff(&mut file)? {
        Sniffed::Photo(format) => photo(file, format, bytes),
        Sniffed::Container => headers::probe(file, bytes),
        Sniffed::Refused(error) => Err(error),
    }
}

fn photo(mut file: File, format: PhotoFormat, bytes: u64) -> Result<Probe, MediaError> {
    let (width, height, depth) = header::size(BufReader::new(&mut file), format)?;
    file.rewind()?;
    let ExifFacts { orientation, taken, place, camera } =
        exif::read(&mut BufReader::new(file.by_ref()), format)?;
    let (width, height) = if orientation.is_sideways() { (height, width) } else { (width, height) };
    // Photos are sRGB unless they say otherwise: BT.709's primaries with its own curve. JPEG's
    // samples are BT.601's (5), all others' are RGB (0).
    let matrix = if format == PhotoFormat::Jpeg { 5 } else { 0 };
    let color = Color { primaries: 1, transfer: 13, matrix, full_range: true, depth };
    let name = format.name().to_owned();
    let picture =
        Picture { width, height, orientation, codec: name.clone(), rate: None, variable_rate: false, color };
    Ok(Probe {
        kind: MediaKind::Photo,
        format: name,
        bytes,
        picture: Some(picture),
        sound: None,
        duration: None,
        taken,
        place,
        camera,
        comment: None,
    })
}
