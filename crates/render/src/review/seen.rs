use std::path::Path;

use super::InspectError;
use super::change::Change;
use super::flicker::Flicker;
use super::glimpse::{Glimpse, LONG_SIDE};
use super::run::Run;
use super::smooth::Tracker;
use mmm_base::Cancel;
use mmm_media::{ClipReader, ClipScaler};

/// The observations of a movie's picture, frame by frame, from one pass.
#[derive(Default)]
pub(super) struct Seen {
    /// The change of each frame from the one before; zero for the first.
    pub changes: Vec<Change>,
    pub black: Vec<Run>,
    /// Ranges of frames in which nothing changes.
    pub still: Vec<Run>,
    /// Frames on which a large part of the picture became lighter or darker, alternately.
    pub flickers: Vec<u32>,
    /// The same for saturated red.
    pub red_flickers: Vec<u32>,
}

impl Seen {
    /// Decodes the picture of a file on `threads` threads; `tracker` gets every frame too.
    ///
    /// # Errors
    /// If it can't be decoded, or on cancellation.
    pub fn watch(
        path: &Path,
        threads: usize,
        tracker: &mut Tracker,
        cancel: &Cancel,
    ) -> Result<Self, InspectError> {
        let mut reader = ClipReader::with_threads(path, threads)?;
        // Two scalers, because each caches the tables of one size.
        let (mut scaler, mut larger) = (ClipScaler::default(), ClipScaler::default());
        let mut eye = Eye::default();
        while let Some(frame) = reader.next()? {
            if cancel.is_cancelled() {
                return Err(InspectError::Cancelled);
            }
            tracker.look(eye.seen.frames(), &frame, &mut larger)?;
            eye.look(Glimpse::of(scaler.to_small_rgb(&frame, LONG_SIDE)?));
        }
        Ok(eye.finish())
    }

    /// Returns the number of frames.
    pub fn frames(&self) -> u32 {
        self.changes.len() as u32
    }

    /// Returns the mean change into a frame; 0 outside the movie.
    pub fn mean(&self, frame: u32) -> f32 {
        self.changes.get(frame as usize).map_or(0.0, |change| change.mean)
    }
}

/// Examines frames one after another and keeps only two of them.
#[derive(Default)]
pub(super) struct Eye {
    seen: Seen,
    before: Option<Glimpse>,
    /// The first frame of the current range without change.
    anchor: Option<Glimpse>,
    light: Flicker,
    red: Flicker,
}

impl Eye {
    /// Examines the next frame.
    pub fn look(&mut self, glimpse: Glimpse) {
        let number = self.seen.frames();
        let change =
            self.before.as_ref().map_or_else(Change::default, |before| Change::between(before, &glimpse));
        self.seen.changes.push(change);
        if glimpse.is_black() {
            extend(&mut self.seen.black, number);
        }
        let still = self.anchor.as_ref().is_some_and(|anchor| Change::between(anchor, &glimpse).is_none());
        if still {
            if let Some(run) = self.seen.still.last_mut() {
                run.frames += 1;
            }
        } else {
            // A single frame is not a still range.
            self.seen.still.pop_if(|run| run.frames == 1);
            self.seen.still.push(Run { start: number, frames: 1 });
            self.anchor = Some(Glimpse { grey: glimpse.grey.clone(), rgb: Vec::new() });
        }
        if self.light.light(&glimpse) {
            self.seen.flickers.push(number);
        }
        if self.red.red(&glimpse) {
            self.seen.red_flickers.push(number);
        }
        self.before = Some(glimpse);
    }

    /// Returns the observations.
    pub fn finish(mut self) -> Seen {
        self.seen.still.pop_if(|run| run.frames == 1);
        self.seen
    }
}

/// Adds a frame to the range that ends before it, or starts a new one.
fn extend(runs: &mut Vec<Run>, frame: u32) {
    match runs.last_mut() {
        Some(run) if run.start + run.frames == frame => run.frames += 1,
        _ => runs.push(Run { start: frame, frames: 1 }),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a plain frame of one colour.
    pub fn plain(rgb: [u8; 3]) -> Glimpse {
        let picture = mmm_media::RgbPicture { width: 16, height: 9, pixels: rgb.repeat(16 * 9) };
        Glimpse::of(picture)
    }

    #[test]
    fn black_and_still_stretches_are_found() {
        let mut eye = Eye::default();
        let greys = [90, 0, 13, 90, 91, 93, 94, 200, 14];
        greys.iter().for_each(|grey| eye.look(plain([*grey; 3])));
        let seen = eye.finish();
        assert_eq!(seen.black, [Run { start: 1, frames: 2 }]);
        // 94 differs by 4 from the 90 at the start of the range.
        assert_eq!(seen.still, [Run { start: 3, frames: 3 },]);
        assert_eq!((seen.frames(), seen.mean(0), seen.mean(1), seen.mean(99)), (9, 0.0, 90.0, 0.0));
    }
}
