use std::path::{Path, PathBuf};

use super::clip_frame::ClipFrame;
use super::open::Open;
use super::skip::Skip;
use mmm_base::Time;
use mmm_facts::{Flaw, MediaError};

/// How far before the seek target each attempt at seeking goes.
const BACK_OFF: [Time; 3] = [Time::ZERO, Time::from_secs(2), Time::from_secs(10)];

/// Decodes the picture of a clip, frame by frame in display order.
///
/// Damaged packets are skipped.
pub struct ClipReader {
    path: PathBuf,
    threads: usize,
    skip: Skip,
    open: Open,
    /// A frame that a seek has already decoded.
    ahead: Option<ClipFrame>,
    /// The target of the last seek.
    sought: Option<Time>,
    /// Whether frames superseded before the seek target may be skipped.
    leave_out: bool,
    /// The time of the last frame returned since the seek.
    given: Option<Time>,
    /// Whether any frame was decoded since the file was opened.
    shown_any: bool,
}

impl ClipReader {
    /// Opens a clip for decoding on the calling thread alone.
    ///
    /// # Errors
    /// If the file can't be read or has no video that can be decoded.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        Self::with_threads(path, 1)
    }

    /// Opens a clip for decoding on `threads` threads; their number doesn't change the frames. The output of
    /// a decoder at a damaged place may depend on the order of its threads, so from the first such place on a
    /// single thread is used.
    ///
    /// # Errors
    /// Same as [`ClipReader::open`].
    pub fn with_threads(path: &Path, threads: usize) -> Result<Self, MediaError> {
        let open = Open::new(path, threads, Skip::Nothing)?;
        let (path, skip) = (path.to_owned(), Skip::Nothing);
        Ok(Self {
            path,
            threads,
            skip,
            open,
            ahead: None,
            sought: None,
            leave_out: false,
            given: None,
            shown_any: false,
        })
    }

    /// Sets which frames may be skipped from now on.
    pub fn skip(&mut self, skip: Skip) {
        self.skip = skip;
        self.open.skip(skip);
    }

    /// From now on, frames shown at or after `limit` need not be returned: they are not decoded where the order of
    /// the file shows that no earlier frame comes after them. `None` requests all frames again.
    pub fn stop_at(&mut self, limit: Option<Time>) {
        self.open.limit = limit;
    }

    /// Returns a time at or after the limit of [`stop_at`](Self::stop_at), if frames were left out because of it:
    /// they are all shown then or later. Without B-frames it is the time of the first.
    pub fn stopped(&self) -> Option<Time> {
        self.open.stopped
    }

    /// Returns the longest distance from one keyframe to the next, or from the last to the end; `None` if the
    /// container has no index of keyframes.
    pub fn key_spacing(&self) -> Option<Time> {
        self.open.key_spacing()
    }

    /// Returns width and height of the clip as shown: upright, with square pixels.
    pub fn shown_size(&self) -> (u32, u32) {
        self.open.geometry.shown(self.open.decoder.width(), self.open.decoder.height())
    }

    /// Returns by how much the time of a frame may be off: the length of a tick.
    pub fn tick(&self) -> Time {
        Time::from_secs_f64(self.open.base.0 as f64 / self.open.base.1 as f64)
    }

    /// Whether the container stores the display time of each frame.
    pub fn is_dated(&self) -> bool {
        self.open.undated.is_none()
    }

    /// Returns the display times of keyframes in `from..to`, and of the first one at or after `to` if there
    /// is one. Nothing is decoded. The position is undefined until the next [`seek`](Self::seek).
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn keys(&mut self, from: Time, to: Time) -> Result<Vec<Time>, MediaError> {
        self.ahead = None;
        self.open.seek((from - BACK_OFF[1]).max(Time::ZERO));
        self.open.keys(from, to)
    }

    /// Seeks to a position from which the frame shown at `time` can be decoded: the next frame is the last
    /// keyframe at or before it, or the first frame of the clip.
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        self.leave_out = false;
        self.go(time)
    }

    /// Like [`seek`](Self::seek), for callers that show nothing before `time`: frames superseded before then
    /// may be skipped if no other frame depends on them. All other frames are the same.
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn seek_to_show(&mut self, time: Time) -> Result<(), MediaError> {
        self.leave_out = true;
        self.go(time)
    }

    fn go(&mut self, time: Time) -> Result<(), MediaError> {
        self.ahead = None;
        (self.sought, self.given) = (Some(time), None);
        for back in BACK_OFF {
            let to = time - back - self.open.run_up;
            if to <= Time::ZERO || !self.open.seek(to) {
                break;
            }
            self.open.lead_to(self.wanted());
            match self.open.next()? {
                Some(frame) if frame.time <= time => {
                    self.ahead = Some(frame);
                    return Ok(());
                }
                _ => {}
            }
        }
        if !self.open.unread {
            self.reopen()?;
        }
        self.open.lead_to(self.wanted());
        Ok(())
    }

    /// Returns the next frame; `None` at the end.
    ///
    /// # Errors
    /// If the file can't be read, or nothing in it could be decoded.
    #[expect(clippy::should_implement_trait, reason = "a reader that fails is no iterator")]
    pub fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        let next = match self.ahead.take() {
            Some(frame) => Some(frame),
            None => self.open.next()?,
        };
        if self.open.damaged && self.threads > 1 {
            return self.again_on_one_thread();
        }
        if next.is_none() && !self.shown_any {
            return Err(MediaError::corrupt("no frame of the clip can be decoded"));
        }
        self.shown_any = true;
        self.given = next.as_ref().map_or(self.given, |frame| Some(frame.time));
        Ok(next)
    }

    /// Whether the picture shown at `time` is missing or damaged, as far as is known from the frames read
    /// since the last seek.
    pub fn lacks(&self, time: Time) -> bool {
        self.open.flaws.cover(time)
    }

    /// Returns the flaws found since the last seek, reading on to the end of each, and closes the reader.
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn into_flaws(mut self) -> Result<Vec<Flaw>, MediaError> {
        self.open.find_end_of_flaw()?;
        Ok(self.open.flaws.list())
    }

    /// Returns the time of the first requested frame if frames before it may be skipped.
    fn wanted(&self) -> Option<Time> {
        self.sought.filter(|_| self.leave_out && self.skip.keeps_frames())
    }

    fn reopen(&mut self) -> Result<(), MediaError> {
        let limit = self.open.limit;
        self.open = Open::new(&self.path, self.threads, self.skip)?;
        self.open.limit = limit;
        Ok(())
    }

    /// Returns the next frame, from a reader reopened on one thread at the last seek.
    fn again_on_one_thread(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        self.threads = 1;
        self.reopen()?;
        let given = self.given;
        if let Some(time) = self.sought {
            self.go(time)?;
        }
        loop {
            let next = self.next()?;
            let is_old = next.as_ref().is_some_and(|frame| given.is_some_and(|given| frame.time <= given));
            if !is_old {
                return Ok(next);
            }
        }
    }
}
