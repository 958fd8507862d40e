use std::collections::VecDeque;
use std::path::Path;

use super::fields::Fields;
use super::{ClipFrame, ClipReader, Skip};
use mmm_base::Time;
use mmm_facts::Flaw;
use mmm_facts::MediaError;

/// Reads a clip as whole pictures. In an interlaced clip each field becomes a picture, so that motion stays
/// as smooth as it was shot.
pub struct ProgressiveClip {
    reader: ClipReader,
    fields: Option<Fields>,
    ready: VecDeque<ClipFrame>,
    ended: bool,
}

impl ProgressiveClip {
    /// Opens a clip for decoding on `threads` threads.
    ///
    /// # Errors
    /// Same as [`ClipReader::with_threads`].
    pub fn open(path: &Path, threads: usize) -> Result<Self, MediaError> {
        let reader = ClipReader::with_threads(path, threads)?;
        Ok(Self { reader, fields: None, ready: VecDeque::new(), ended: false })
    }

    /// Returns width and height of the clip as shown: upright, with square pixels.
    pub fn shown_size(&self) -> (u32, u32) {
        self.reader.shown_size()
    }

    /// From now on, pictures are decoded without the loop filter ([`Skip::LoopFilter`]).
    pub fn skip_loop_filter(&mut self) {
        self.reader.skip(Skip::LoopFilter);
    }

    /// Returns by how much the time of a picture may be off.
    pub fn tick(&self) -> Time {
        self.reader.tick()
    }

    /// Seeks to a position from which the picture at `time` can be decoded; only some of the pictures before
    /// it are returned.
    ///
    /// # Errors
    /// Same as [`ClipReader::seek_to_show`].
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        (self.fields, self.ended) = (None, false);
        self.ready.clear();
        self.reader.seek_to_show(time)
    }

    /// Returns the next picture; `None` at the end.
    ///
    /// # Errors
    /// Same as [`ClipReader::next`].
    #[expect(clippy::should_implement_trait, reason = "a reader that fails is no iterator")]
    pub fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        while self.ready.is_empty() && !self.ended {
            match self.reader.next()? {
                Some(frame) => self.take(frame)?,
                None => {
                    self.ended = true;
                    self.flush()?;
                }
            }
        }
        Ok(self.ready.pop_front())
    }

    /// Same as [`ClipReader::lacks`].
    pub fn lacks(&self, time: Time) -> bool {
        self.reader.lacks(time)
    }

    /// Same as [`ClipReader::into_flaws`].
    ///
    /// # Errors
    /// Same as [`ClipReader::into_flaws`].
    pub fn into_flaws(self) -> Result<Vec<Flaw>, MediaError> {
        self.reader.into_flaws()
    }

    fn take(&mut self, frame: ClipFrame) -> Result<(), MediaError> {
        if self.fields.as_ref().is_some_and(|fields| !fields.fit(&frame)) {
            self.flush()?;
        }
        if self.fields.is_none() && frame.frame.is_interlaced() {
            self.fields = Some(Fields::of(&frame)?);
        }
        match &mut self.fields {
            Some(fields) => fields.take(frame, &mut self.ready),
            None => {
                self.ready.push_back(frame);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> Result<(), MediaError> {
        self.fields.take().map_or(Ok(()), |fields| fields.finish(&mut self.ready))
    }
}
