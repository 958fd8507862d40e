//! The flag by which an MP4 or MOV file asks players to show its text track.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use super::RenderError;

/// The flag of a track that is enabled, in the last byte of the flags (ISO/IEC 14496-12, 8.3.2).
const ENABLED: u8 = 1;

/// Clears the enabled flag of the text tracks of a file, so that players show them only on request.
pub(super) fn disable_text_track(path: &Path) -> Result<(), RenderError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let Some((at, mut index)) = index(&mut file)? else { return Err(RenderError::Damaged) };
    let whole = 0..index.len();
    for track in boxes(&index, whole).into_iter().filter(|(kind, _)| kind == b"trak") {
        let inside = boxes(&index, track.1);
        let find = |within: &[([u8; 4], Range<usize>)], kind| {
            within.iter().find(|(found, _)| found == kind).map(|(_, range)| range.clone())
        };
        let handler = find(&inside, b"mdia").and_then(|media| find(&boxes(&index, media), b"hdlr"));
        let (Some(header), Some(handler)) = (find(&inside, b"tkhd"), handler) else { continue };
        // After version and flags, and a number that is zero, comes the kind of the track.
        if index.get(handler.start + 8..handler.start + 12) == Some(b"sbtl")
            && let Some(flags) = index.get_mut(header.start + 3)
        {
            *flags &= !ENABLED;
        }
    }
    file.seek(SeekFrom::Start(at))?;
    Ok(file.write_all(&index)?)
}

/// Returns the content of the box `moov` and where it begins; `None` if there is none.
fn index(file: &mut File) -> Result<Option<(u64, Vec<u8>)>, RenderError> {
    let length = file.metadata()?.len();
    let mut at = 0;
    while at + 16 <= length {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let [a, b, c, d, kind @ .., _, _, _, _, _, _, _, _] = head;
        let (size, header) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (length - at, 8),
            1 => (u64::from_be_bytes(*head.last_chunk().unwrap_or(&[0; 8])), 16),
            size => (u64::from(size), 8),
        };
        if size < header || size > length - at {
            return Ok(None);
        }
        if &kind == b"moov" {
            file.seek(SeekFrom::Start(at + header))?;
            let mut content = Vec::new();
            file.take(size - header).read_to_end(&mut content)?;
            return Ok(Some((at + header, content)));
        }
        at += size;
    }
    Ok(None)
}

/// Returns the kinds and the contents of the boxes in a part of `bytes`.
fn boxes(bytes: &[u8], within: Range<usize>) -> Vec<([u8; 4], Range<usize>)> {
    let mut found = Vec::new();
    let mut at = within.start;
    while let Some(&[a, b, c, d, kind @ ..]) = bytes[at..within.end].first_chunk::<8>() {
        let size = u32::from_be_bytes([a, b, c, d]) as usize;
        if size < 8 || size > within.end - at {
            break;
        }
        found.push((kind, at + 8..at + size));
        at += size;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
    }

    fn track(handler: &[u8; 4], flags: u8) -> Vec<u8> {
        let handler = [&[0; 8][..], handler, &[0; 12]].concat();
        let media = boxed(b"mdia", &[boxed(b"mdhd", &[0; 24]), boxed(b"hdlr", &handler)].concat());
        boxed(b"trak", &[boxed(b"tkhd", &[&[0, 0, 0, flags][..], &[7; 80]].concat()), media].concat())
    }

    fn movie(text: u8) -> Vec<u8> {
        let tracks = [track(b"vide", 3), track(b"soun", 3), track(b"sbtl", text)].concat();
        let index = boxed(b"moov", &[boxed(b"mvhd", &[0; 100]), tracks].concat());
        [boxed(b"ftyp", b"isomiso2"), boxed(b"free", &[]), index, boxed(b"mdat", &[1; 50])].concat()
    }

    #[test]
    fn only_the_text_track_is_disabled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.mp4");
        fs::write(&path, movie(3)).unwrap();
        disable_text_track(&path).unwrap();
        assert!(fs::read(&path).unwrap() == movie(2));
        fs::write(&path, boxed(b"mdat", &[1; 50])).unwrap();
        assert!(disable_text_track(&path).is_err());
    }
}
