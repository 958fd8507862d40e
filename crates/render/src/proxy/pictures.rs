use std::collections::VecDeque;
use std::path::Path;

use super::ProxyFile;
use mmm_base::Time;
use mmm_facts::{Flaw, MediaError};
use mmm_media::{ClipFrame, ClipReader, ProgressiveClip};

/// The pictures of a clip in their order: of the clip itself, or of small copies of it.
pub(crate) enum Pictures {
    Clip(Box<ProgressiveClip>),
    Small(Box<Small>),
}

/// Small copies that follow each other without a gap.
pub(crate) struct Small {
    files: Vec<ProxyFile>,
    open: Option<(Time, ClipReader)>,
    /// Those that come after the open one.
    left: VecDeque<ProxyFile>,
}

impl Pictures {
    /// Opens the clip at `path`, to be decoded on `threads` threads, or the small copies of the part that is needed.
    ///
    /// # Errors
    /// As [`ProgressiveClip::open`].
    pub fn open(path: &Path, small: &[ProxyFile], threads: usize) -> Result<Self, MediaError> {
        if small.is_empty() {
            return Ok(Self::Clip(Box::new(ProgressiveClip::open(path, threads)?)));
        }
        Ok(Self::Small(Box::new(Small { files: small.to_vec(), open: None, left: VecDeque::new() })))
    }

    /// By how much the time of a picture may be off.
    pub fn tick(&self) -> Time {
        match self {
            Self::Clip(clip) => clip.tick(),
            Self::Small(small) => small.files.first().map_or(Time::ZERO, |file| file.stretch.tick),
        }
    }

    /// Goes to a place from which the picture at `time` can be made.
    ///
    /// # Errors
    /// As [`ClipReader::seek`].
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        match self {
            Self::Clip(clip) => clip.seek(time),
            Self::Small(small) => small.seek(time),
        }
    }

    /// The next picture, or none at the end.
    ///
    /// # Errors
    /// As [`ClipReader::next`].
    pub fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        match self {
            Self::Clip(clip) => clip.next(),
            Self::Small(small) => small.next(),
        }
    }

    /// Whether there is nothing in the clip after the last picture: small copies end where no more is needed.
    pub fn ends_the_clip(&self) -> bool {
        match self {
            Self::Clip(_) => true,
            Self::Small(small) => small.files.last().is_none_or(|file| file.stretch.until.is_none()),
        }
    }

    /// Whether the picture shown at `time` is lacking, as far as is known from what was read.
    pub fn lacks(&self, time: Time) -> bool {
        match self {
            Self::Clip(clip) => clip.lacks(time),
            // Copies are made of whole pictures alone.
            Self::Small(_) => false,
        }
    }

    /// The flaws of what was read since the last seek; nothing can be read any more.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn into_flaws(self) -> Result<Vec<Flaw>, MediaError> {
        match self {
            Self::Clip(clip) => clip.into_flaws(),
            Self::Small(_) => Ok(Vec::new()),
        }
    }
}

impl Small {
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
