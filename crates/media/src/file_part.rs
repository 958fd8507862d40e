use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// A part of a file, read as if it were a file of its own.
pub(super) struct FilePart {
    file: File,
    from: u64,
    /// Where it ends in the file; `None` if it goes on to the end, wherever that is.
    to: Option<u64>,
}

impl FilePart {
    /// Returns the whole file, which is read from its start.
    pub fn whole(file: File) -> Self {
        Self { file, from: 0, to: None }
    }

    /// Returns the bytes `from..to`.
    ///
    /// # Errors
    /// If the file can't seek.
    pub fn of(mut file: File, (from, to): (u64, u64)) -> io::Result<Self> {
        file.seek(SeekFrom::Start(from))?;
        Ok(Self { file, from, to: Some(to) })
    }

    /// Returns the same part. Both have one position in the file.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, ..*self })
    }
}

impl Read for FilePart {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let Some(to) = self.to else { return self.file.read(bytes) };
        let left = to.saturating_sub(self.file.stream_position()?);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.file.read(&mut bytes[..most])
    }
}

impl Seek for FilePart {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let outside = || io::Error::from(ErrorKind::InvalidInput);
        let at = match (to, self.to) {
            (SeekFrom::Start(at), _) => self.from.checked_add(at),
            (SeekFrom::End(off), Some(end)) => end.checked_add_signed(off),
            (SeekFrom::End(off), None) => self.file.seek(SeekFrom::End(0))?.checked_add_signed(off),
            (SeekFrom::Current(off), _) => self.file.stream_position()?.checked_add_signed(off),
        };
        let at = at.filter(|at| *at >= self.from).ok_or_else(outside)?;
        Ok(self.file.seek(SeekFrom::Start(at))? - self.from)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_part_is_read_like_a_file_of_its_own() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut part = FilePart::of(file.try_clone().unwrap(), (3, 7)).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), part.seek(SeekFrom::End(0)).unwrap()), ("3456", 4));
        assert_eq!(part.seek(SeekFrom::End(-3)).unwrap(), 1);
        let mut two = [0; 2];
        part.read_exact(&mut two).unwrap();
        assert_eq!((&two, part.stream_position().unwrap()), (b"45", 3));
        assert_eq!(part.seek(SeekFrom::Current(-3)).unwrap(), 0);
        for outside in [SeekFrom::Current(-1), SeekFrom::End(-5)] {
            assert!(part.seek(outside).is_err());
        }
        // Beyond the end there is nothing, as in a file.
        assert_eq!(part.seek(SeekFrom::Start(100)).unwrap(), 100);
        assert_eq!(part.read(&mut two).unwrap(), 0);
        let mut whole = FilePart::whole(file);
        assert_eq!((whole.seek(SeekFrom::End(0)).unwrap(), whole.read(&mut two).unwrap()), (10, 0));
    }
}
