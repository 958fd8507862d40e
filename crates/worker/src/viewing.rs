use std::path::{Path, PathBuf};

use super::rgb_view::rgb_view;
use mmm_analysis::ClipAnalyst;
use mmm_base::{Cancel, Time};
use mmm_facts::ClipPictureFacts;
use mmm_facts::MediaError;
use mmm_media::{ClipFrame, ClipReader, ClipScaler, Skip};

/// Keyframes at most this far apart show what is in a clip: phones and cameras set one a second.
const MOST_KEY_SPACING: Time = Time::from_millis(1100);
/// A shorter clip is looked at closely from end to end.
const SHORT: Time = Time::from_secs(6);
/// How much in the middle of a longer one is looked at closely: the least that tells a trembling
/// hand from a calm one.
const CLOSE_LOOK: Time = Time::from_millis(1300);

/// Shows a clip to an analyst, decoding no more of it than is needed.
///
/// Where keyframes are dense they are all that is looked at, but for the middle of the clip and
/// for stretches in which two of them differ as if there were a cut. Else every frame is decoded
/// that another is made from.
pub(super) struct Viewing {
    path: PathBuf,
    reader: ClipReader,
    /// Reads what lies between two keyframes.
    between: Option<ClipReader>,
    /// Where only keyframes are read, the stretch that is looked at closely.
    close: Option<Close>,
    scaler: ClipScaler,
    analyst: ClipAnalyst,
}

/// A stretch that begins at a keyframe, so that nothing is decoded for nothing.
#[derive(Clone, Copy)]
enum Close {
    /// It begins at the last keyframe before this time.
    After(Time),
    /// It has begun, and ends here.
    Until(Time),
}

impl Viewing {
    /// Opens a clip of `full_size` as displayed and of about this length.
    ///
    /// # Errors
    /// As [`ClipReader::open`].
    pub fn open(path: &Path, full_size: (u32, u32), length: Time) -> Result<Self, MediaError> {
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
            analyst: ClipAnalyst::new(ClipAnalyst::STEP, full_size),
        })
    }

    /// Looks at the clip and gives the time of the last frame that was read.
    ///
    /// # Errors
    /// When the clip can't be read; after a cancellation the error means nothing.
    pub fn run(&mut self, cancel: &Cancel) -> Result<Time, MediaError> {
        let (mut wanted, mut last) = (Time::ZERO, Time::ZERO);
        while let Some(frame) = self.reader.next()? {
            if cancel.is_cancelled() {
                return Err(MediaError::NoPicture);
            }
            // What is damaged would be taken for cuts and for shaking; but something is to be seen of every clip.
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

    /// What was seen, in a clip of `duration`.
    pub fn finish(self, duration: Time) -> ClipPictureFacts {
        self.analyst.finish(duration)
    }

    fn show(&mut self, frame: &ClipFrame) -> Result<(), MediaError> {
        let small = self.scaler.to_small_rgb(frame, ClipAnalyst::SIDE_PX)?;
        self.analyst.picture(frame.time, &rgb_view(&small)?);
        Ok(())
    }

    /// Looks at what lies between the keyframe at `last` and the next one where it is worth it.
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
        // A frame just before the next keyframe shows no more than that.
        while wanted + ClipAnalyst::STEP.scale(1, 2) < until && !cancel.is_cancelled() {
            let Some(frame) = reader.next()?.filter(|frame| frame.time < until) else { break };
            if frame.time >= wanted && !reader.lacks(frame.time) {
                self.show(&frame)?;
                wanted = frame.time + ClipAnalyst::STEP;
            }
        }
        self.between = Some(reader);
        Ok(())
    }
}
