use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use super::super::riff::ChunkHead;

/// More chunks than stand around the picture and the sound of an AVI.
const MOST_CHUNKS: u32 = 256;

/// Longer texts are no dates, in bytes.
const MOST_TEXT_BYTES: u32 = 256;

/// The dates in an AVI as the camera wrote them, for which there are many forms. libav hands on only some.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct AviDates {
    /// When the picture was digitised (`IDIT`).
    pub digitised: Option<String>,
    /// When the work was created (`ICRD`), often only the day.
    pub created: Option<String>,
}

impl AviDates {
    /// Reads the dates and seeks back to the start; `None` if the file is no AVI. Only the heads of chunks are
    /// read.
    pub fn read(file: &mut File) -> io::Result<Option<Self>> {
        let mut head = [0; 12];
        let mut dates = Self::default();
        let found = file.read_exact(&mut head).and_then(|()| match &head {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' '] => dates.walk(file).map(|()| true),
            _ => Ok(false),
        });
        file.rewind()?;
        match found {
            Ok(is_avi) => Ok(is_avi.then_some(dates)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn walk(&mut self, file: &mut File) -> io::Result<()> {
        for _ in 0..MOST_CHUNKS {
            let Some(head) = ChunkHead::read(file)? else { break };
            let text = match &head.kind {
                b"IDIT" => &mut self.digitised,
                b"ICRD" => &mut self.created,
                b"LIST" => {
                    self.enter(head, file)?;
                    continue;
                }
                _ => {
                    head.skip(file)?;
                    continue;
                }
            };
            if text.is_some() || head.length > MOST_TEXT_BYTES {
                head.skip(file)?;
            } else {
                *text = head.body(file)?.map(|text| String::from_utf8_lossy(&text).into_owned());
            }
        }
        Ok(())
    }

    /// Goes on with the chunks in a list, if it may have dates, else behind it.
    fn enter(&mut self, head: ChunkHead, file: &mut File) -> io::Result<()> {
        let start = file.stream_position()?;
        let mut kind = [0; 4];
        file.read_exact(&mut kind)?;
        if !matches!(&kind, b"hdrl" | b"INFO") {
            file.seek(SeekFrom::Start(start))?;
            head.skip(file)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::tempfile;

    use super::super::tests::clip;
    use super::*;
    use crate::probe;
    use mmm_base::{CaptureTime, TimeSource};
    use mmm_spec::date_text;

    fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [kind, &(body.len() as u32).to_le_bytes()[..], body, &[0][..body.len() % 2]].concat()
    }

    fn read(parts: &[Vec<u8>]) -> Option<AviDates> {
        let mut file = tempfile().unwrap();
        io::Write::write_all(&mut file, &parts.concat()).unwrap();
        file.rewind().unwrap();
        let dates = AviDates::read(&mut file).unwrap();
        assert_eq!(file.stream_position().unwrap(), 0);
        dates
    }

    #[test]
    fn dates_are_found_around_the_picture_and_not_in_it() {
        let riff = b"RIFF\0\0\0\0AVI ".to_vec();
        let list =
            |kind: &[u8; 4], chunks: &[Vec<u8>]| chunk(b"LIST", &[kind.to_vec(), chunks.concat()].concat());
        let (idit, icrd) = (chunk(b"IDIT", b"Sat Jul  5 14:34:10 2008\n\0"), chunk(b"ICRD", b"2008-07-05"));
        let strl = list(b"strl", &[chunk(b"strh", &[0; 57]), chunk(b"IDIT", b"no")]);
        let header = list(b"hdrl", &[chunk(b"avih", &[0; 56]), strl, idit.clone()]);
        let movie = list(b"movi", &[chunk(b"IDIT", b"no"), chunk(b"00dc", &[0; 301])]);
        let info = list(b"INFO", &[chunk(b"ISFT", b"CanonMVI06\0"), icrd]);
        let both =
            read(&[riff.clone(), header.clone(), movie.clone(), chunk(b"idx1", &[0; 16]), info]).unwrap();
        assert_eq!(both.digitised.as_deref(), Some("Sat Jul  5 14:34:10 2008\n\0"));
        assert_eq!(both.created.as_deref(), Some("2008-07-05"));
        assert_eq!(read(&[riff.clone(), movie]), Some(AviDates::default()));
        assert!(read(&[riff.clone(), idit]).unwrap().digitised.is_some());
        assert_eq!(read(&[riff.clone(), chunk(b"IDIT", &[b'2'; 300])]), Some(AviDates::default()));
        assert_eq!(read(&[riff.clone(), header[..80].to_vec()]), Some(AviDates::default()));
        assert_eq!(read(&[riff[..8].to_vec(), b"WAVE".to_vec(), header]), None);
        assert_eq!(read(&[b"RIFF".to_vec()]), None);
    }

    #[test]
    fn every_dialect_is_read_in_a_real_file() {
        let (_folder, path) = clip("a.avi", None, |at| at);
        let plain = fs::read(&path).unwrap();
        assert_eq!(probe(&path).unwrap().taken, None);
        let header = plain.windows(4).position(|word| word == b"hdrl").unwrap() - 4;
        let length = u32::from_le_bytes(plain[header..header + 4].try_into().unwrap());
        for (written, meant) in [
            ("SAT JUL 05 14:32:10 2008\n", "2008-07-05 14:32:10"),
            ("Sat Jul  5 14:34:10 2008", "2008-07-05 14:34:10"),
            ("2008/07/05/ 14:36:10", "2008-07-05 14:36:10"),
            ("2008:07:05 14:38:10", "2008-07-05 14:38:10"),
            ("2001/ 1/27  1:42PM", "2001-01-27 13:42:00"),
            ("2005/11/28/ 09:19", "2005-11-28 09:19:00"),
            ("2003-12-13 08:05:00", "2003-12-13 08:05:00"),
        ] {
            let idit = chunk(b"IDIT", written.as_bytes());
            let mut dated = plain.clone();
            let end = header + 4 + length as usize;
            dated.splice(end..end, idit.clone());
            dated[header..header + 4].copy_from_slice(&(length + idit.len() as u32).to_le_bytes());
            fs::write(&path, dated).unwrap();
            let want = CaptureTime::new(date_text(meant).unwrap().local_s, None, TimeSource::Header);
            assert_eq!(probe(&path).unwrap().taken, Some(want), "{written}");
        }
    }
}
