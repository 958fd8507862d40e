use std::path::{Path, PathBuf};

use super::examined::Examined;
use super::looks::Looks;
use super::rgb_view::rgb_view;
use mmm_analysis::ClipAnalyst;
use mmm_base::{Cancel, Time};
use mmm_facts::ClipPictureFacts;
use mmm_facts::MediaError;
use mmm_media::{ClipFrame, ClipReader, ClipScaler, Skip};

/// Keyframes at most this far apart are enough to analyse a clip. Phones and cameras write one per second.
const MOST_KEY_SPACING: Time = Time::from_millis(1100);
/// A clip shorter than this is analysed from end to end, not only at keyframes.
const SHORT: Time = Time::from_secs(6);
/// How much of the middle of a longer clip is analysed in full: the shortest stretch that can tell a shaky
/// clip from a steady one.
const CLOSE_LOOK: Time = Time::from_millis(1300);

/// Feeds the frames of a clip to an analyst, decoding no more than necessary.
///
/// If keyframes are dense, only they are used, except in the middle of the clip and in stretches where two
/// keyframes differ as if there were a cut between them. Otherwise every frame is decoded that other frames
/// refer to.
pub(super) struct Viewing {
    path: PathBuf,
    reader: ClipReader,
    /// Reads the frames between two keyframes.
    between: Option<ClipReader>,
    /// If only keyframes are read, the stretch that is analysed in full.
    close: Option<Close>,
    scaler: ClipScaler,
    /// Makes the pictures for models.
    large: ClipScaler,
    analyst: ClipAnalyst,
    /// What models look at; `None` if none does.
    looks: Option<Looks>,
}

/// A stretch that begins at a keyframe, so that every decoded frame is used.
#[derive(Clone, Copy)]
enum Close {
    /// It begins at the last keyframe before this time.
    After(Time),
    /// It has begun and ends here.
    Until(Time),
}

impl Viewing {
    /// Opens a clip with a displayed size of `full_size` and about this length. `sees` says whether models look
    /// at it.
    ///
    /// # Errors
    /// As [`ClipReader::open`].
    pub fn open(path: &Path, full_size: (u32, u32), length: Time, sees: bool) -> Result<Self, MediaError> {
        let mut reader = ClipReader::open(path)?;
        let dense = reader.key_spacing().is_some_and(|spacing| spacing <= MOST_KEY_SPACING);
        let by_keys = dense && length >= SHORT;
        reader.skip(if by_keys { Skip::AllButKeys { apart: ClipAnalyst::STEP } } else { Skip::Unreferenced });
        Ok(Self {
            path: path.to_owned(),
            reader,
            between: None,
            close: by_keys.then_some(Close::After((length - CLOSE_LOOK).scale(1, 2))),
            scaler: ClipScaler::default(),
            large: ClipScaler::default(),
            analyst: ClipAnalyst::new(ClipAnalyst::STEP, full_size),
            looks: sees.then(|| Looks::new(length)),
        })
    }

    /// Analyses the clip and returns the time of the last frame that was read.
    ///
    /// # Errors
    /// If the clip can't be read. The error is meaningless after a cancellation.
    pub fn run(&mut self, cancel: &Cancel) -> Result<Time, MediaError> {
        let (mut wanted, mut last) = (Time::ZERO, Time::ZERO);
        while let Some(frame) = self.reader.next()? {
            if cancel.is_cancelled() {
                return Err(MediaError::NoPicture);
            }
            self.count(&frame);
            // Damaged frames would look like cuts or shake, so they are skipped. The first frame is always
            // used, so that every clip shows something.
            let lacking = wanted > Time::ZERO && self.reader.lacks(frame.time);
            if frame.time >= wanted && !lacking {
                if self.close.is_some() {
                    self.look_between(last, &frame, cancel)?;
                }
                self.show(&frame)?;
                wanted = frame.time + ClipAnalyst::STEP;
            }
            last = last.max(frame.time);
        }
        Ok(last)
    }

    /// Returns the facts of a clip that lasts `duration`.
    ///
    /// # Errors
    /// If a model can't be run.
    pub fn finish(self, duration: Time) -> Examined<ClipPictureFacts> {
        let looks = match self.looks.map(Looks::look).transpose()?.transpose() {
            Ok(looks) => looks,
            Err(error) => return Ok(Err(error)),
        };
        Ok(Ok(self.analyst.finish(duration, looks)))
    }

    fn count(&mut self, frame: &ClipFrame) {
        if let Some(looks) = &mut self.looks {
            looks.count(frame);
        }
    }

    fn show(&mut self, frame: &ClipFrame) -> Result<(), MediaError> {
        let small = self.scaler.to_small_rgb(frame, ClipAnalyst::SIDE_PX)?;
        self.analyst.picture(frame.time, &rgb_view(&small)?);
        if let Some(looks) = &mut self.looks {
            looks.offer(frame, self.analyst.promise(), &mut self.large)?;
        }
        Ok(())
    }

    /// Analyses the frames between the keyframe at `last` and the next one, if that is useful.
    fn look_between(&mut self, last: Time, next: &ClipFrame, cancel: &Cancel) -> Result<(), MediaError> {
        if let Some(Close::After(time)) = self.close
            && time < next.time
        {
            self.close = Some(Close::Until(last + CLOSE_LOOK));
        }
        let small = self.scaler.to_small_rgb(next, ClipAnalyst::SIDE_PX)?;
        let until = match self.close {
            _ if self.analyst.may_cut_to(&rgb_view(&small)?) => next.time,
            Some(Close::Until(end)) if last < end => next.time.min(end),
            _ => return Ok(()),
        };
        let mut reader = match self.between.take() {
            Some(reader) => reader,
            None => ClipReader::open(&self.path)?,
        };
        reader.skip(Skip::Unreferenced);
        reader.seek(last)?;
        let mut wanted = last + ClipAnalyst::STEP;
        // A frame just before the next keyframe adds nothing to it.
        while wanted + ClipAnalyst::STEP.scale(1, 2) < until && !cancel.is_cancelled() {
            let Some(frame) = reader.next()?.filter(|frame| frame.time < until) else { break };
            self.count(&frame);
            if frame.time >= wanted && !reader.lacks(frame.time) {
                self.show(&frame)?;
                wanted = frame.time + ClipAnalyst::STEP;
            }
        }
        self.between = Some(reader);
        Ok(())
    }
}
