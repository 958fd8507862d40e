//! Measures whether photos move smoothly by tracking the whole picture from frame to frame.

use super::run::Run;
use super::streams::NO_PLAN;
use crate::{Pyramid, align};
use mmm_base::Rate;
use mmm_facts::MediaError;
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{PictureSource, Profile, View};
use mmm_media::{ClipFrame, ClipScaler};

const SMOOTH: Measure = Measure { name: "smooth motion", unit: "px" };

/// Motion is estimated in pictures of this many pixels on their longer side.
const SIDE_PX: u32 = 640;
/// The least and the most frames of a shot that are tracked, around its middle.
const FRAMES: std::ops::RangeInclusive<u32> = 8..=24;
/// The largest change of speed from frame to frame, in pixels. A plan stays under 0.05, the encode of a
/// finished file reaches 0.13 (the demo), and a renderer that moves by whole pixels is well above 0.5.
const MOST_PX: f64 = 0.25;

/// Tracks moving photos.
#[derive(Default)]
pub(super) struct Tracker {
    followed: Vec<Followed>,
    last: Option<Pyramid>,
}

/// A range of frames, and by how many pixels its corner moves from each frame to the next.
struct Followed {
    run: Run,
    steps: Vec<Option<(f64, f64)>>,
}

impl Tracker {
    /// Selects the ranges of a movie to track: the middles of moving photos without text.
    pub fn of(wanted: Option<&Wanted>) -> Self {
        let Some(wanted) = wanted.filter(|wanted| wanted.timeline.canvas.profile == Profile::Final) else {
            return Self::default();
        };
        let moves = |view: &View| match view {
            View::Shot(shot) => {
                matches!(shot.picture, PictureSource::Photo(photo) if photo.motion.from != photo.motion.to)
            }
            View::Blend(..) => false,
        };
        let segments = wanted.timeline.segments.iter().filter(|segment| {
            let recipe = &segment.recipe;
            moves(&recipe.view) && recipe.fade.is_none() && recipe.texts.is_empty()
        });
        let run = |(start, frames): (u32, u32)| {
            let part = frames.min(*FRAMES.end());
            Run { start: start + (frames - part) / 2, frames: part }
        };
        let runs = segments.map(|segment| run((segment.start, segment.recipe.frames)));
        let long = runs.filter(|run| run.frames >= *FRAMES.start());
        Self { followed: long.map(|run| Followed { run, steps: Vec::new() }).collect(), last: None }
    }

    /// Tracks the next frame of the movie.
    ///
    /// # Errors
    /// Same as [`ClipScaler::to_small_rgb`].
    pub fn look(
        &mut self,
        number: u32,
        frame: &ClipFrame,
        scaler: &mut ClipScaler,
    ) -> Result<(), MediaError> {
        let within = |followed: &&mut Followed| {
            let Run { start, frames } = followed.run;
            (start..start + frames).contains(&number)
        };
        let Some(followed) = self.followed.iter_mut().find(within) else {
            self.last = None;
            return Ok(());
        };
        let now = Pyramid::of(&scaler.to_small_rgb(frame, SIDE_PX)?);
        if number > followed.run.start {
            let motion = self.last.as_ref().and_then(|last| align(last, &now));
            let (width, height) = frame.shown_size();
            let (width, height) = (f64::from(width), f64::from(height));
            let corner = (0.5, height / width / 2.0);
            followed.steps.push(motion.map(|motion| {
                let there = motion.at(corner);
                ((there.0 - corner.0) * width, (there.1 - corner.1) * width)
            }));
        }
        self.last = Some(now);
        Ok(())
    }

    /// Returns the RMS change of speed of a photo's corner, for the worst shot.
    pub fn figure(&self, rate: Rate, wanted: Option<&Wanted>) -> Figure {
        let Some(wanted) = wanted else { return Figure::unmeasured(SMOOTH, NO_PLAN) };
        if wanted.timeline.canvas.profile != Profile::Final {
            return Figure::unmeasured(SMOOTH, "a draft is too coarse to tell");
        }
        let told = |followed: &Followed| Some((followed.run.start, followed.jerk()?));
        let mut found: Vec<(u32, f64)> = self.followed.iter().filter_map(told).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        let Some((_, worst)) = found.first().copied() else {
            return Figure::unmeasured(SMOOTH, "no photo moves that could be followed");
        };
        let places = found.iter().filter(|(_, jerk)| *jerk > MOST_PX);
        let place =
            |(frame, jerk): &(u32, f64)| FigurePlace::frame(*frame, rate, format!("jerks by {jerk:.2} px"));
        Figure::measured(SMOOTH, worst, Limit::Most(MOST_PX)).at(places.map(place))
    }
}

impl Followed {
    /// Returns the root mean square of the second differences; `None` if tracking was lost.
    fn jerk(&self) -> Option<f64> {
        let steps: Vec<(f64, f64)> = self.steps.iter().copied().collect::<Option<_>>()?;
        let squares = steps.windows(2).map(|pair| {
            let (before, after) = (pair[0], pair[1]);
            (after.0 - before.0).powi(2) + (after.1 - before.1).powi(2)
        });
        let count = steps.len().checked_sub(1).filter(|count| *count > 0)?;
        Some((squares.sum::<f64>() / count as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jerk(steps: &[Option<(f64, f64)>]) -> Option<f64> {
        Followed { run: Run { start: 0, frames: 9 }, steps: steps.to_vec() }.jerk()
    }

    #[test]
    fn an_even_step_is_smooth_and_stairs_are_not() {
        assert_eq!(jerk(&[Some((0.4, 0.2)); 8]), Some(0.0));
        let stairs: Vec<_> = (0..8).map(|n| Some((f64::from(n % 2), 0.0))).collect();
        assert_eq!(jerk(&stairs), Some(1.0));
        assert_eq!(jerk(&[Some((0.4, 0.2)), None, Some((0.4, 0.2))]), None, "it was lost");
        assert_eq!(jerk(&[]), None);
    }
}
