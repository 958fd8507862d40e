use std::path::{Path, PathBuf};

use super::clip_frame::ClipFrame;
use super::open::Open;
use super::skip::Skip;
use mmm_base::Time;
use mmm_facts::{Flaw, MediaError};

/// How far before a wanted time a second and a third try at seeking look.
const BACK_OFF: [Time; 3] = [Time::ZERO, Time::from_secs(2), Time::from_secs(10)];

/// Decodes the picture of a clip, frame by frame in the order of showing.
///
/// A damaged packet here and there is passed over.
pub struct ClipReader {
    path: PathBuf,
    threads: usize,
    skip: Skip,
    open: Open,
    /// A frame that a seek has already decoded.
    ahead: Option<ClipFrame>,
    /// Where the last seek went.
    sought: Option<Time>,
    /// Frames that are over by then may be left out.
    leave_out: bool,
    /// The time of the last frame that was given out since.
    given: Option<Time>,
    /// Whether any frame was decoded since the file was opened.
    shown_any: bool,
}

impl ClipReader {
    /// Opens a clip to be decoded on the calling thread alone.
    ///
    /// # Errors
    /// When the file cannot be read or has no moving picture that can be.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        Self::with_threads(path, 1)
    }

    /// Opens a clip to be decoded on `threads` threads; the frames are the same. What a decoder makes
    /// of a damaged place may depend on the order in which its threads get there, so from the first
    /// such place on there is one thread only.
    ///
    /// # Errors
    /// As [`ClipReader::open`].
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

    /// Says which frames may be left out from now on.
    pub fn skip(&mut self, skip: Skip) {
        self.skip = skip;
        self.open.skip(skip);
    }

    /// The longest stretch from one keyframe to the next, or from the last to the end, as far as
    /// the container keeps an index of them.
    pub fn key_spacing(&self) -> Option<Time> {
        self.open.key_spacing()
    }

    /// Width and height of the clip as shown: upright, with square pixels.
    pub fn shown_size(&self) -> (u32, u32) {
        self.open.geometry.shown(self.open.decoder.width(), self.open.decoder.height())
    }

    /// By how much the time of a frame may be off, since it is counted in ticks.
    pub fn tick(&self) -> Time {
        Time::from_secs_f64(self.open.base.0 as f64 / self.open.base.1 as f64)
    }

    /// Whether the container says of each frame when it is shown.
    pub fn is_dated(&self) -> bool {
        self.open.undated.is_none()
    }

    /// When the keyframes are shown from one time on and before another, and the first one after that, if there is
    /// any. Nothing is decoded; what comes next is only known after another [`seek`](Self::seek).
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn keys(&mut self, from: Time, to: Time) -> Result<Vec<Time>, MediaError> {
        self.ahead = None;
        self.open.seek((from - BACK_OFF[1]).max(Time::ZERO));
        self.open.keys(from, to)
    }

    /// Goes to a place from which the frame shown at `time` can be decoded: the next frame is
    /// the last keyframe at or before it, or the first frame of the clip.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        self.leave_out = false;
        self.go(time)
    }

    /// As [`seek`](Self::seek), for one who shows nothing before `time`: of the frames that are over by then, some
    /// that no other is made from may be left out. All others are the same.
    ///
    /// # Errors
    /// When the file cannot be read any more.
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
            self.open = Open::new(&self.path, self.threads, self.skip)?;
        }
        self.open.lead_to(self.wanted());
        Ok(())
    }

    /// The next frame, or none at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or nothing in it could be decoded.
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

    /// Whether the picture that is shown at `time` is lacking or damaged, as far as is known from what was read
    /// since the last seek.
    pub fn lacks(&self, time: Time) -> bool {
        self.open.flaws.cover(time)
    }

    /// The flaws of what was read since the last seek, each to its end; nothing can be read any more.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn into_flaws(mut self) -> Result<Vec<Flaw>, MediaError> {
        self.open.find_end_of_flaw()?;
        Ok(self.open.flaws.list())
    }

    /// From when on frames are shown, if those before may be left out.
    fn wanted(&self) -> Option<Time> {
        self.sought.filter(|_| self.leave_out && self.skip == Skip::Nothing)
    }

    /// The next frame, from a reader that began anew at the last seek, on one thread.
    fn again_on_one_thread(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        self.threads = 1;
        self.open = Open::new(&self.path, 1, self.skip)?;
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
