use std::collections::VecDeque;
use std::path::Path;

use super::ProxyFile;
use mmm_base::Time;
use mmm_facts::{Flaw, MediaError};
use mmm_media::{ClipFrame, ClipReader, ProgressiveClip};

/// The pictures of a clip in order: from the clip itself or from its proxies.
pub(crate) enum Pictures {
    Clip(Box<ProgressiveClip>),
    Proxies(Box<ProxyReader>),
}

/// Proxies that follow each other without a gap.
pub(crate) struct ProxyReader {
    files: Vec<ProxyFile>,
    open: Option<(Time, ClipReader)>,
    /// The proxies after the open one.
    left: VecDeque<ProxyFile>,
}

impl Pictures {
    /// Opens the proxies in `proxies`, or if there are none, the clip at `path` for decoding on `threads`
    /// threads.
    ///
    /// # Errors
    /// Same as [`ProgressiveClip::open`].
    pub fn open(path: &Path, proxies: &[ProxyFile], threads: usize) -> Result<Self, MediaError> {
        if proxies.is_empty() {
            return Ok(Self::Clip(Box::new(ProgressiveClip::open(path, threads)?)));
        }
        Ok(Self::Proxies(Box::new(ProxyReader {
            files: proxies.to_vec(),
            open: None,
            left: VecDeque::new(),
        })))
    }

    /// Decodes without the loop filter from now on, if the clip itself is read and pictures of its size are
    /// `much_larger` than what is shown of them.
    pub fn skip_loop_filter_if(&mut self, much_larger: impl Fn((u32, u32)) -> bool) {
        if let Self::Clip(clip) = self
            && much_larger(clip.shown_size())
        {
            clip.skip_loop_filter();
        }
    }

    /// Returns by how much the time of a picture may be off.
    pub fn tick(&self) -> Time {
        match self {
            Self::Clip(clip) => clip.tick(),
            Self::Proxies(proxies) => proxies.files.first().map_or(Time::ZERO, |file| file.stretch.tick),
        }
    }

    /// Seeks to a position from which the picture at `time` can be decoded.
    ///
    /// # Errors
    /// Same as [`ClipReader::seek`].
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        match self {
            Self::Clip(clip) => clip.seek(time),
            Self::Proxies(proxies) => proxies.seek(time),
        }
    }

    /// Returns the next picture; `None` at the end.
    ///
    /// # Errors
    /// Same as [`ClipReader::next`].
    pub fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        match self {
            Self::Clip(clip) => clip.next(),
            Self::Proxies(proxies) => proxies.next(),
        }
    }

    /// Whether the last picture is the last one of the clip: proxies may end earlier, where no more is
    /// needed.
    pub fn ends_the_clip(&self) -> bool {
        match self {
            Self::Clip(_) => true,
            Self::Proxies(proxies) => proxies.files.last().is_none_or(|file| file.stretch.until.is_none()),
        }
    }

    /// Whether the picture shown at `time` is missing or damaged, as far as is known from what was read.
    pub fn lacks(&self, time: Time) -> bool {
        match self {
            Self::Clip(clip) => clip.lacks(time),
            // Proxies contain intact pictures only.
            Self::Proxies(_) => false,
        }
    }

    /// Returns the flaws found since the last seek and closes the reader.
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn into_flaws(self) -> Result<Vec<Flaw>, MediaError> {
        match self {
            Self::Clip(clip) => clip.into_flaws(),
            Self::Proxies(_) => Ok(Vec::new()),
        }
    }
}

impl ProxyReader {
    fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        let first = self.files.iter().rposition(|file| file.stretch.from <= time).unwrap_or(0);
        self.left = self.files[first..].iter().cloned().collect();
        self.turn()?;
        if let Some((from, reader)) = &mut self.open {
            reader.seek((time - *from).max(Time::ZERO))?;
        }
        Ok(())
    }

    /// Opens the next file.
    fn turn(&mut self) -> Result<(), MediaError> {
        self.open = match self.left.pop_front() {
            Some(file) => Some((file.stretch.from, ClipReader::open(&file.path)?)),
            None => None,
        };
        Ok(())
    }

    fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        while let Some((from, reader)) = &mut self.open {
            if let Some(mut frame) = reader.next()? {
                frame.time += *from;
                return Ok(Some(frame));
            }
            self.turn()?;
        }
        Ok(None)
    }
}
